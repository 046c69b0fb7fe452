"""Who writes, changes and answers estimates."""

import pytest

from billing.estimates.permissions import may_decide, may_edit, may_prepare

from . import make

pytestmark = pytest.mark.django_db
PEOPLE = ("ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root")


def allowed(check, cast, matter) -> set[str]:
    return {name for name in PEOPLE if check(getattr(cast, name), matter)}


def test_clerks_and_the_lead_of_the_team_write_and_change_drafts(cast):
    estimate = make.draft(cast)
    assert allowed(may_prepare, cast, estimate.ticket) == {"bea", "cleo"}
    assert allowed(may_edit, cast, estimate) == {"bea", "cleo"}


def test_nobody_changes_what_was_sent(cast):
    assert allowed(may_edit, cast, make.sent(cast)) == set()


def test_only_a_contact_of_the_customer_who_was_allowed_to_decides(cast):
    estimate = make.draft(cast)
    assert allowed(may_decide, cast, estimate) == set()
    make.may_accept(cast)
    for name in ("dov", "bea"):
        person = getattr(cast, name)
        person.can_approve_cost = True
        person.save()
    assert allowed(may_decide, cast, estimate) == {"ann"}


def test_who_has_left_decides_nothing(cast):
    estimate = make.sent(cast)
    cast.ann.is_active = False
    assert not may_decide(cast.ann, estimate)
