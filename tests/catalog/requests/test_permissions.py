"""Who may do what with orders."""

import pytest

from catalog.requests import permissions

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("ann", "ann", True),
        ("ann", "bo", False),
        ("max", "ann", True),
        ("bo", "ann", True),
        ("mia", "ann", False),
        ("dov", "ann", False),
    ],
)
def test_who_orders_for_whom(shelf, who, whom, may):
    by, person = getattr(shelf.cast, who), getattr(shelf.cast, whom)
    assert permissions.may_order_for(by, person) is may


def test_a_contact_who_sees_the_organization_orders_for_its_people(shelf):
    shelf.cast.dov.sees_organization = True
    assert not permissions.may_order_for(shelf.cast.dov, shelf.cast.ann)
    shelf.cast.dov.organization = shelf.cast.acme
    assert permissions.may_order_for(shelf.cast.dov, shelf.cast.ann)


def test_nobody_orders_for_who_has_left(shelf):
    shelf.cast.ann.is_active = False
    assert not permissions.may_order_for(shelf.cast.bo, shelf.cast.ann)


def test_requester_and_desk_change_what_is_on_its_way(shelf):
    request = orders.approved(shelf)
    cast = shelf.cast
    assert {
        who: permissions.may_change(getattr(cast, who), request)
        for who in ("ann", "bo", "max", "ned", "dov")
    } == {"ann": True, "bo": True, "max": False, "ned": False, "dov": False}
