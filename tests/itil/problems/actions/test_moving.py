"""What each step of a problem needs, and what it leaves behind (domain 2.4)."""

from datetime import timedelta

import pytest

from itil.changes import actions as planning
from itil.problems import actions
from itil.problems.forms import form_for
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import LinkType
from tests.cast import MONDAY
from tests.itil.changes import world as changes
from tests.itil.problems.world import CAUSE, accept_values, manager, problem, problem_in, state_of


def test_nobody_assesses_a_problem_that_nobody_owns(cast):
    found = actions.open_problem(by=cast.bo, title="Disk full", at=MONDAY)

    with pytest.raises(MissingValue, match="owner"):
        actions.move(found, "assess", by=manager(cast), at=MONDAY)


def test_the_priority_follows_from_the_assessment(cast):
    found = problem_in(cast, "assessment")

    actions.move(found, "analyse", by=manager(cast), values={"impact": 1, "urgency": 1})

    assert found.priority == 1


def test_a_duplicate_names_its_original_and_is_linked_to_it(cast):
    original, found = problem(cast), problem_in(cast, "assessment")
    values = {"cancel_reason": "duplicate"}

    with pytest.raises(MissingValue, match="repeats"):
        actions.move(found, "cancel", by=manager(cast), values=values)
    actions.move(found, "cancel", by=manager(cast), values=values | {"original": original})

    assert found.links_out.get().target_id == original.pk


def test_a_fix_needs_a_cause_and_a_plan(cast):
    found = problem_in(cast, "root_cause_analysis")

    with pytest.raises(MissingValue, match="root cause"):
        actions.move(found, "fix", by=cast.bo, values={"fix_plan": "Delete files."})
    with pytest.raises(MissingValue, match="how it will be fixed"):
        actions.move(found, "fix", by=cast.bo, values={"root_cause": CAUSE["root_cause"]})
    actions.move(found, "fix", by=cast.bo, values=CAUSE)

    assert (found.root_cause, found.fix_plan) == (CAUSE["root_cause"], CAUSE["fix_plan"])


def test_only_the_owner_of_the_service_accepts_its_risk(cast):
    found = problem_in(cast, "root_cause_analysis")
    good = accept_values(cast)

    with pytest.raises(MissingValue, match="Mia, who owns the service"):
        actions.move(
            found, "accept_risk", by=manager(cast), values=good | {"service_owner": cast.bo}
        )
    past = good | {"review_on": MONDAY.date()}
    with pytest.raises(MissingValue, match="after today"):
        actions.move(found, "accept_risk", by=manager(cast), values=past, at=MONDAY)
    actions.declare_known_error(found, by=manager(cast), root_cause="Old disks.", at=MONDAY)
    actions.move(found, "accept_risk", by=manager(cast), values=good, at=MONDAY)

    assert found.resolution_code == "risk_accepted"
    assert found.accepted_by == cast.mia
    assert found.is_known_error


def test_a_manager_may_confirm_earlier(cast):
    found = problem_in(cast, "resolved")

    with pytest.raises(MissingValue, match="confirm that the fix works"):
        actions.move(found, "close", by=manager(cast), at=MONDAY)
    actions.move(found, "close", by=manager(cast), values={"confirmed": True}, at=MONDAY)

    assert found.closed_at == MONDAY


def test_an_accepted_risk_is_closed_once_it_is_said_to_be_accepted_for_good(cast):
    found = problem_in(cast, "root_cause_analysis")
    actions.move(found, "accept_risk", by=manager(cast), values=accept_values(cast), at=MONDAY)
    later = MONDAY + timedelta(days=60)

    with pytest.raises(MissingValue, match="accepted for good"):
        actions.move(found, "close", by=manager(cast), at=later)
    assert found.status == "resolved"
    form = form_for("close", found, manager(cast))
    assert form["confirmed"].label == "The risk is accepted for good"
    actions.move(found, "close", by=manager(cast), values={"confirmed": True}, at=later)

    assert found.closed_at == later


def test_a_closed_problem_that_comes_back_is_analysed_again(cast):
    found = problem_in(cast, "closed")

    values = {"note": "It happened again last night."}
    actions.move(found, "reanalyse", by=manager(cast), values=values, at=MONDAY)

    assert found.status == "root_cause_analysis"
    assert (found.reanalysed_count, found.closed_at, found.resolved_at) == (1, None, None)
    assert found.resolution_code == ""


@pytest.fixture
def fixing(cast):
    """A problem whose fix is under way, and the people who carry out the change that fixes it."""
    return problem_in(cast, "fix_in_progress"), changes.build(cast)


def resolve(found, cast, at=changes.START + 3 * changes.HOUR):
    return actions.move(found, "resolve", by=cast.bo, values={"note": "It runs."}, at=at)


def test_a_fix_is_applied_when_its_change_is_closed(cast, fixing):
    found, world = fixing
    change = changes.finished(world, answers=[found])
    assert [one.pk for one in found.fixing_changes()] == [change.pk]
    before = state_of(found)
    with pytest.raises(Refused, match=f"{change.number} fixes this and is not closed yet"):
        resolve(found, cast)
    assert state_of(found) == before

    planning.move(change, "close", by=world.chas, at=changes.START + 2 * changes.HOUR)
    resolve(found, cast)

    assert (found.status, found.resolution_code) == ("resolved", "fix_applied")


@pytest.mark.parametrize("outcome", ["failed", "backed_out"])
def test_a_change_that_failed_is_no_fix_until_its_link_is_ended(cast, fixing, outcome):
    found, world = fixing
    change = changes.finished(world, outcome, answers=[found])
    before = state_of(found)
    with pytest.raises(Refused, match=f"{change.number} failed. End its link"):
        resolve(found, cast)
    assert state_of(found) == before

    tickets.unlink(found, change, LinkType.FIXED_BY, by=cast.bo, at=MONDAY)
    resolve(found, cast)

    assert found.status == "resolved"


def test_a_change_that_was_given_up_holds_no_fix_up(cast, fixing):
    found, world = fixing
    change = changes.draft(world, answers=[found])
    planning.move(change, "cancel", by=cast.bo, values={"reason": "Another way."}, at=MONDAY)

    resolve(found, cast)

    assert found.status == "resolved"


def test_a_linked_change_is_as_good_as_a_written_plan(cast):
    found = problem_in(cast, "root_cause_analysis")
    changes.draft(changes.build(cast), answers=[found])

    actions.move(found, "fix", by=cast.bo, values={"root_cause": CAUSE["root_cause"]}, at=MONDAY)

    assert (found.status, found.fix_plan) == ("fix_in_progress", "")


def test_records_that_are_no_changes_hold_no_fix_up(cast):
    found = problem_in(cast, "fix_in_progress")
    tickets.link(found, problem(cast), LinkType.RELATED, by=cast.bo, at=MONDAY)

    assert found.fixing_changes() == []
    assert resolve(found, cast).resolution_code == "fix_applied"
