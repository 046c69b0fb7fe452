"""What somebody's words find: answers and the own requests."""

import pytest
from django.contrib.auth.models import AnonymousUser

from itil.desk import actions as desk
from itil.tickets.actions import watch
from portal.selfservice.matching import look_up, own_tickets
from tests import make
from tests.catalog.offerings import shop
from tests.knowledgebase import shelf


def numbers(text, user):
    return [ticket.number for ticket in own_tickets(text, user)]


def test_own_requests_are_found_by_their_words_in_any_form(cast):
    ticket = make.incident(cast, title="Принтер не печатает")
    assert numbers("принтеры", cast.ann) == [ticket.number]


def test_own_requests_are_found_by_number(cast):
    make.incident(cast)
    ticket = make.incident(cast)
    assert numbers(f"what about {ticket.number.lower()}?", cast.ann) == [ticket.number]


def test_requests_of_others_are_not_found(cast):
    ticket = make.incident(cast)
    assert numbers("mail", cast.dov) == []
    assert numbers(ticket.number, cast.dov) == []
    assert numbers("mail", AnonymousUser()) == []


def test_a_watched_request_is_found(cast):
    ticket = make.incident(cast)
    watch(ticket, cast.dov)
    assert numbers("mail", cast.dov) == [ticket.number]


def test_a_contact_who_sees_the_organization_finds_its_requests_but_no_confidential_one(cast):
    shown = make.incident(cast)
    make.incident(cast, is_confidential=True)
    cast.dov.organization, cast.dov.sees_organization = cast.acme, True
    assert numbers("mail", cast.dov) == [shown.number]


def test_an_assignee_meets_the_ticket_at_the_desk_only(cast):
    desk.take(make.incident(cast), by=cast.bo)
    assert numbers("mail", cast.bo) == []


def test_answers_and_requests_come_together(cast):
    shelf.article("Mail does not arrive")
    make.incident(cast)
    found = look_up("mail arrives", cast.ann)
    assert (found.best.article.title, found.others, len(found.tickets)) == (
        "Mail does not arrive",
        [],
        1,
    )


def test_things_to_order_come_with_the_answers_within_their_audience(cast):
    shop.item("New laptop")
    shop.item("Laptop of the desk", audience="staff")
    assert [item.title for item in look_up("laptop", cast.ann).items] == ["New laptop"]
    assert look_up("laptop", AnonymousUser()).items == []
    assert not look_up("laptop", cast.ann).is_empty


def test_an_item_that_fits_better_leaves_no_best_answer(cast):
    shelf.article("My laptop is slow")
    shop.item("New laptop")
    found = look_up("new laptop", cast.ann)
    assert (found.best, len(found.others), len(found.items)) == (None, 1, 1)
    assert look_up("laptop slow", cast.ann).best.article.title == "My laptop is slow"


def test_own_and_watched_requests_come_newest_first_and_once(cast):
    first, second = (make.incident(cast, title=f"Mail {word}") for word in ("one", "two"))
    foreign = make.incident(cast, requester=cast.dov, by=cast.dov, title="Mail three")
    watch(foreign, cast.ann)
    watch(second, cast.ann)
    assert numbers("mail", cast.ann) == [foreign.number, second.number, first.number]


@pytest.mark.parametrize("text", ["", "m", "   "])
def test_too_few_letters_find_nothing(cast, text, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert look_up(text, cast.ann).is_empty


@pytest.mark.parametrize("rows", [1, 30])
def test_looking_takes_four_queries_for_any_number_of_rows(cast, rows, django_assert_num_queries):
    shelf.article("Mail does not arrive")
    for _number in range(rows):
        make.incident(cast)
    look_up("mail", cast.ann)
    with django_assert_num_queries(4):
        look_up("mail arrives", cast.ann)
