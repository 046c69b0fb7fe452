"""What a bundle consists of for one person, line by line (`REQ-3`)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.offerings.models import CatalogItem, ReturnRule
from catalog.requests import actions
from catalog.requests.models import Draft, ServiceRequest
from itil.cmdb.models import ItemClass
from tests.catalog.offerings import shop
from tests.catalog.requests import bundles, orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.fixture
def story(shelf):
    return bundles.welcome(shelf)


@pytest.fixture
def leaving(shelf):
    return bundles.farewell(shelf)


def lines_of(story, by=None):
    found = actions.assemble(story.item, by=by or story.shelf.cast.ann)
    return {part.key: part for part in found}


def test_each_line_knows_what_is_answered_already(story):
    found = lines_of(story)
    laptop, badge, key = (found[str(one.pk)] for one in (story.laptop, story.access, story.key))

    assert laptop.fixed == {"model": "light"}
    assert laptop.first == {"extras": ["dock", "monitor"]}
    # By its rule, and by a question of the same name.
    assert badge.flows == {"holder": "name", "starts": "starts"}
    assert badge.given(bundles.TYPED) == {"holder": "Kim", "starts": "2026-03-16"}
    assert [one.is_required for one in (laptop, badge, key)] == [True, False, False]
    assert [one.is_ticked_first for one in (laptop, badge, key)] == [True, True, False]


def test_each_line_is_wanted_so_many_working_days_from_the_day(story):
    found = lines_of(story)
    days = [
        found[str(one.pk)].wished_on(bundles.FIRST_DAY)
        for one in (story.laptop, story.access, story.key)
    ]

    assert days == [date(2026, 3, 11), date(2026, 3, 16), date(2026, 3, 23)]
    assert found[str(story.laptop.pk)].days_before == 3
    assert found[str(story.laptop.pk)].wished_on(None) is None


def test_what_is_retired_or_not_offered_to_who_orders_is_left_out(story):
    story.badge.only_organizations = [story.shelf.cast.halden]
    story.badge.save()
    story.shelf.key.unpublish()

    assert set(lines_of(story)) == {str(story.laptop.pk)}
    by_bo = lines_of(story, by=story.shelf.cast.bo)
    assert set(by_bo) == {str(story.laptop.pk), str(story.access.pk)}


def test_an_item_without_a_bundle_has_no_lines_and_nothing_is_written(story):
    assert actions.assemble(story.badge, by=story.shelf.cast.ann) == []
    lines_of(story)

    assert not Draft.objects.exists()
    assert not ServiceRequest.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_lines(story):
    def count() -> int:
        item = CatalogItem.objects.get(pk=story.item.pk)
        with CaptureQueriesContext(connection) as found:
            actions.assemble(item, by=story.shelf.cast.ann)
        return len(found)

    few = count()
    for _more in range(4):
        bundles.line(story.item.bundle, story.badge, standing="optional")
    assert count() <= few
    assert few <= 9


def test_the_lines_are_what_the_person_holds_and_got(leaving):
    cast, shelf = leaving.shelf.cast, leaving.shelf
    key = orders.in_status(shelf, "closed")
    orders.in_status(shelf, "cancelled")
    parts = actions.assemble(leaving.item, by=cast.max, person=cast.ann)

    assert [part.title for part in parts] == [
        "Return a device: Light 14",
        "End an access: Spare key",
    ]
    assert (parts[0].takes_back, parts[1].ends) == (leaving.thing, key)
    assert parts[1].fixed == {"what": f"Spare key ({key.number})"}
    # Who leaves need not be offered it: that is for who orders it.
    leaving.revoke.only_organizations = [cast.halden]
    leaving.revoke.save()
    assert len(actions.assemble(leaving.item, by=cast.bo, person=cast.ann)) == 2
    assert len(actions.assemble(leaving.item, by=cast.max, person=cast.ann)) == 1
    leaving.revoke.only_organizations = []
    leaving.revoke.save()
    # What is not the person's, or confidential and not to be seen, is no line.
    assert actions.assemble(leaving.item, by=cast.max, person=cast.max) == []
    ServiceRequest.objects.filter(pk=key.pk).update(is_confidential=True)
    assert len(actions.assemble(leaving.item, by=cast.max, person=cast.ann)) == 1


def test_the_rule_of_the_nearest_class_says_what_is_ordered(leaving):
    cast = leaving.shelf.cast
    special = shop.item("Wipe a telephone")
    phone = bundles.thing(cast, "Telephone 5", "smartphone", holder=cast.ann)
    device = ItemClass.objects.create(name="Mobile", slug="mobile")
    ItemClass.objects.filter(pk=phone.item_class_id).update(parent=device)
    ReturnRule.objects.create(bundle=leaving.item.bundle, item_class=device, item=special)
    titles = {part.title for part in actions.assemble(leaving.item, by=cast.max, person=cast.ann)}

    assert titles == {"Return a device: Light 14", "Wipe a telephone: Telephone 5"}
