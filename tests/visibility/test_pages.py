"""Nobody learns of a record that the table of roles does not give them (`VIS-1`).

Every address of the product is asked by everybody: the pages tell what they tell to people with
the right, and to others nothing at all, not even that there is something.
"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from . import lists, matrix
from .addresses import ADDRESSES
from .lists import BY_SECRET_KEY, LISTS, WITHOUT_RECORDS
from .sweep import is_shut

pytestmark = pytest.mark.django_db


def _names(patterns, space=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or ''}"
        elif isinstance(pattern, URLResolver) and str(pattern.pattern) != "admin/":
            yield from _names(
                pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )


def test_every_address_is_written_down_here():
    there = {
        name for name in _names(get_resolver().url_patterns) if not name.startswith(lists.ACCOUNT)
    }
    written = {*ADDRESSES, *LISTS, *BY_SECRET_KEY, *WITHOUT_RECORDS}

    assert sorted(there - written) == [], (
        "Nobody has said who may open these addresses. Add each of them to "
        "tests/visibility: to LISTS when it shows rows, else to ADDRESSES with the "
        "record it is about (make one in world.py) and who may open it by the table of roles."
    )
    assert sorted(written - there) == [], "These addresses are gone; take their entries away."


def asked(sweep, name, url):
    """The answer, and what is wrong with it."""
    response = sweep.get(name, url)
    words = sweep.given_away(name, url, response)
    said = [f"{name} {url}: breaks"] if response.status_code >= 500 else []
    if words:
        said.append(f"{name} {url}: tells {sorted(words)}")
    return response, said


def test_no_list_and_no_search_tells_of_what_one_may_not_open(sweep):
    said = []
    for view, (first, *more) in LISTS.items():
        able = []
        for name in sweep.some(sweep.world.people, view, 8):
            response, told = asked(sweep, name, reverse(view) + first)
            said += told
            # Shut by the duty is shut whatever is asked for.
            if not is_shut(name, response):
                able.append(name)
        for query in more:
            for name in sweep.some(able, view + query, 2):
                said += asked(sweep, name, reverse(view) + query)[1]

    assert said == [], "\n".join(said)


def test_a_record_is_there_for_those_with_the_right_and_for_nobody_else(sweep):
    said, world = [], sweep.world
    for view, address in ADDRESSES.items():
        for record, allowed in address.opens.items():
            url, turn = address.url(world, view, record), view + record
            for name in sweep.some(allowed, turn, 2 if address.is_open else 1):
                response, told = asked(sweep, name, url)
                said += told
                if address.is_open and response.status_code not in (200, 202, 302, 303):
                    said.append(f"{name} {url} ({record}): not there, though it is open to them")
            for name in sweep.some(sweep.others(allowed), turn, 1):
                response, told = asked(sweep, name, url)
                said += told
                if not is_shut(name, response):
                    said.append(f"{name} {url} ({record}): there, though they have no right to it")

    assert said == [], "\n".join(said)


def test_a_department_shows_to_each_what_they_may_order_only(sweep):
    said = []
    for slug in ("it", "hr"):
        for name in sweep.world.people:
            said += asked(sweep, name, reverse("offerings:department", args=[slug]))[1]

    assert said == []


def test_only_keepers_of_the_catalog_look_through_the_eyes_of_others(sweep):
    said, world = [], sweep.world
    item = world.things["item"]["bonus"]
    for eyes in ("dov", "max"):
        uuid = world.people[eyes].uuid
        for view, more in (
            ("front_as", ()),
            ("department_as", ("hr",)),
            ("item_as", ("hr", item.slug)),
        ):
            url = reverse(f"offerings:{view}", args=[uuid, *more])
            for name in world.people:
                response, told = asked(sweep, name, url)
                said += told
                may = name in matrix.VIEW_AS.split() and (eyes == "max" or view != "item_as")
                if is_shut(name, response) == may:
                    said.append(f"{name} {url}: {response.status_code}")

    assert said == []
