"""Who may do what to the catalog."""

import pytest

from catalog.offerings.permissions import may_view_as, may_view_as_others
from portal.people.models import Grants, Role, User


@pytest.mark.parametrize("role", Role.values)
def test_of_all_duties_the_catalog_manager_alone_looks_through_other_eyes(role):
    user = User(name="Kim")
    user.grants = Grants(roles=frozenset({role}))
    assert may_view_as_others(user) == (role == Role.CATALOG_MANAGER)


@pytest.mark.parametrize(("is_administrator", "may"), [(True, True), (False, False)])
def test_an_administrator_may_and_who_has_no_duty_may_not(is_administrator, may):
    user = User(name="Root")
    user.grants = Grants(is_administrator=is_administrator)
    assert may_view_as_others(user) is may


def test_nobody_looks_through_the_eyes_of_who_left():
    user = User(name="Kim")
    user.grants = Grants(roles=frozenset({Role.CATALOG_MANAGER}))
    assert may_view_as(user, User(name="Ann"))
    assert not may_view_as(user, User(name="Dov", is_active=False))
