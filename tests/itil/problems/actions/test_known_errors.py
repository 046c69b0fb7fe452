"""A problem becomes a known error (`PRB-1`)."""

import pytest

from itil.problems import actions
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, StaleRecord
from tests.cast import MONDAY
from tests.itil.problems.world import manager, problem_in, state_of, values_of


def test_a_known_error_is_declared_from_the_analysis_on(cast):
    petra = manager(cast)
    for status in ("new", "assessment", "closed", "resolved", "cancelled"):
        subject = problem_in(cast, status)
        before = state_of(subject)
        with pytest.raises(MoveNotAllowed):
            actions.declare_known_error(subject, by=petra, root_cause="Known.")
        assert state_of(subject) == before
    found = problem_in(cast, "root_cause_analysis")
    with pytest.raises(NotAllowed):
        actions.declare_known_error(found, by=cast.bo, root_cause="Known.")
    with pytest.raises(MissingValue, match="root cause"):
        actions.declare_known_error(found, by=petra)
    with pytest.raises(MissingValue, match="symptoms"):
        actions.declare_known_error(found, by=petra, is_detail_unknown=True)

    # Without any workaround.
    actions.declare_known_error(
        found, by=petra, is_detail_unknown=True, symptoms="Exports stop.", at=MONDAY
    )

    assert (found.is_known_error, found.known_error_at) == (True, MONDAY)


def test_a_fix_clears_the_flag_and_keeps_the_date(cast):
    found = problem_in(cast, "fix_in_progress")
    actions.declare_known_error(found, by=manager(cast), at=MONDAY)

    actions.move(found, "resolve", by=cast.bo, values=values_of(cast, "resolve"), at=MONDAY)

    assert (found.is_known_error, found.known_error_at) == (False, MONDAY)


def test_it_is_declared_once_and_the_cause_that_is_given_is_written(cast):
    found = problem_in(cast, "root_cause_analysis")
    petra = manager(cast)
    actions.declare_known_error(found, by=petra, root_cause=" Old disks. ", at=MONDAY)
    before = state_of(found)

    with pytest.raises(StaleRecord, match="already"):
        actions.declare_known_error(found, by=petra, root_cause="New disks.")

    assert state_of(found) == before
    assert found.root_cause == "Old disks."
    assert found.events.filter(kind="problem", data__what="known_error").count() == 1
