"""An approval waits because its record is on hold, or has another deadline (`CHG-2`)."""

import pytest

from itil.approvals import actions
from itil.approvals.models import Vote
from itil.changes import actions as changes
from itil.tickets.errors import MissingValue, Refused
from tests.cast import MONDAY
from tests.itil.approvals.people import (
    DAY,
    HOUR,
    begun,
    furnish,
    give,
    happened,
    manager_policy,
    state_of,
    vote_of,
)
from tests.itil.changes import world as worlds


@pytest.fixture
def house(cast):
    return furnish(cast)


def test_while_it_waits_nobody_votes_and_nothing_times_out(house):
    process = begun(house, manager_policy())
    assert actions.suspend(house.ticket, at=MONDAY) == process
    assert actions.suspend(house.ticket, at=MONDAY) is None
    with pytest.raises(Refused, match="on hold"):
        give(process, house.max, "approved")
    assert actions.remind_and_time_out(MONDAY + 90 * DAY) == 0
    assert (state_of(process), vote_of(house.max, process).is_waiting) == ("running", True)


def test_resumed_it_goes_on_with_the_time_that_was_left(house):
    process = begun(house, manager_policy())
    due = vote_of(house.max, process).due_at
    actions.suspend(house.ticket, at=MONDAY)
    actions.resume(house.ticket, at=MONDAY + 7 * DAY)
    assert actions.resume(house.ticket, at=MONDAY + 7 * DAY) is None
    moved = vote_of(house.max, process).due_at
    assert (moved is None) == (due is None)
    assert due is None or moved > due
    assert happened(house.ticket)[-2:] == ["suspended", "resumed"]
    give(process, house.max, "approved", at=MONDAY + 7 * DAY)
    assert state_of(process) == "approved"


def test_without_a_running_approval_there_is_nothing_to_suspend_or_resume(house):
    assert actions.suspend(house.ticket, at=MONDAY) is None
    assert actions.resume(house.ticket, at=MONDAY) is None
    assert not actions.set_deadline(house.ticket, MONDAY + DAY, at=MONDAY)
    assert happened(house.ticket) == []


def test_only_the_votes_of_a_board_get_another_deadline(house):
    process = begun(house, manager_policy())
    due = vote_of(house.max, process).due_at
    assert not actions.set_deadline(house.ticket, MONDAY + HOUR, at=MONDAY)
    assert vote_of(house.max, process).due_at == due


def test_a_deadline_of_a_board_lies_ahead_and_moves_by_as_long_as_it_waited(cast):
    world = worlds.build(cast)
    change = worlds.asked(world)
    with pytest.raises(MissingValue):
        actions.set_deadline(change, MONDAY, at=MONDAY)
    assert actions.set_deadline(change, MONDAY + 2 * DAY, at=MONDAY)
    assert not actions.set_deadline(change, MONDAY + 2 * DAY, at=MONDAY)
    changes.move(change, "hold", by=world.cast.bo, values={"reason": "Later."}, at=MONDAY + DAY)
    changes.move(change, "resume", by=world.cast.bo, at=MONDAY + 4 * DAY)
    due = set(Vote.objects.waiting().values_list("due_at", flat=True))
    assert due == {MONDAY + 5 * DAY}
