"""Meetings of boards: called, moved, minuted and closed."""

import pytest

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.models import AgendaItem, BoardMeeting, BoardMember
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.cast import MONDAY
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def called(world, **more):
    times = {"starts_at": MONDAY + HOUR, "votes_until": MONDAY + 2 * HOUR}
    return actions.plan_meeting(world.cab, **{"by": world.chas, "at": MONDAY} | times | more)


def test_what_waits_for_the_board_is_on_the_agenda_of_its_meeting(world):
    change = worlds.asked(world)
    worlds.draft(world)
    meeting = called(world, place=" Room Delft ")
    assert meeting.place == "Room Delft"
    assert [item.change_id for item in meeting.agenda.all()] == [change.pk]
    assert not called(world).agenda.exists()


def test_only_the_chair_and_change_managers_call_a_meeting(world):
    for person in (world.quinn, world.cast.bo, world.cast.ann):
        with pytest.raises(NotAllowed):
            called(world, by=person)
    assert not BoardMeeting.objects.exists()
    assert called(world, by=world.ruth).board == world.cab


@pytest.mark.parametrize("name", ["starts_at", "votes_until"])
def test_a_meeting_lies_ahead(world, name):
    with pytest.raises(MissingValue) as refusal:
        called(world, **{name: MONDAY})
    assert refusal.value.field == name
    assert not BoardMeeting.objects.exists()


def test_a_board_without_members_does_not_meet(world):
    BoardMember.objects.filter(board=world.cab).delete()
    with pytest.raises(Refused, match="no members"):
        called(world)
    assert not BoardMeeting.objects.exists()


def test_a_meeting_that_moves_takes_the_deadline_of_its_votes_along(world):
    change = worlds.asked(world)
    meeting = called(world)
    later = MONDAY + 24 * HOUR
    actions.move_meeting(
        meeting, by=world.ruth, at=MONDAY, starts_at=later, votes_until=later + HOUR
    )
    assert actions.vote_of(change, world.ruth).due_at == later + HOUR
    assert actions.vote_of(change, world.cast.bo) is None
    with pytest.raises(MissingValue):
        actions.move_meeting(
            meeting, by=world.ruth, at=later, starts_at=later, votes_until=later + HOUR
        )
    assert set(Vote.objects.waiting().values_list("due_at", flat=True)) == {later + HOUR}


def test_a_change_is_put_on_an_agenda_once_and_taken_off_again(world):
    meeting, change = called(world), worlds.draft(world)
    item = actions.put_on_agenda(meeting, change, by=world.ruth, at=MONDAY)
    assert actions.put_on_agenda(meeting, change, by=world.ruth, at=MONDAY) == item
    with pytest.raises(NotAllowed):
        actions.take_off_agenda(item, by=world.quinn)
    assert AgendaItem.objects.get() == item
    actions.take_off_agenda(item, by=world.ruth)
    assert not AgendaItem.objects.exists()


def test_the_minutes_tell_who_of_the_board_was_there_and_what_was_said(world):
    worlds.asked(world)
    meeting = called(world)
    line = meeting.agenda.get()
    actions.take_minutes(
        meeting,
        by=world.ruth,
        remarks=" Short. ",
        present_people=[world.ruth, world.quinn, world.cast.ann],
        said={line.pk: " After payroll. ", line.pk + 1: "Nowhere."},
    )
    meeting.refresh_from_db()
    line.refresh_from_db()
    assert (meeting.remarks, line.minutes) == ("Short.", "After payroll.")
    assert set(meeting.present.all()) == {world.ruth, world.quinn}


def test_closed_minutes_stay_as_they_are(world):
    worlds.asked(world)
    meeting = called(world)
    item = meeting.agenda.get()
    with pytest.raises(Refused, match="not begun"):
        actions.close_meeting(meeting, by=world.ruth, at=MONDAY)
    end = MONDAY + 2 * HOUR
    actions.close_meeting(meeting, by=world.ruth, at=end)
    before = BoardMeeting.objects.values().get()
    later = {"starts_at": end + HOUR, "votes_until": end + HOUR}
    for again in (
        lambda: actions.close_meeting(meeting, by=world.ruth, at=end),
        lambda: actions.take_minutes(meeting, by=world.ruth, remarks="Other."),
        lambda: actions.move_meeting(meeting, by=world.ruth, at=end, **later),
        lambda: actions.take_off_agenda(item, by=world.ruth),
    ):
        with pytest.raises(Refused, match="closed"):
            again()
    assert BoardMeeting.objects.values().get() == before
    assert AgendaItem.objects.get() == item


def test_a_vote_after_the_deadline_of_the_meeting_is_refused(world):
    change = worlds.asked(world)
    actions.plan_meeting(
        world.cab,
        by=world.chas,
        at=MONDAY,
        starts_at=MONDAY + HOUR,
        votes_until=MONDAY + 2 * HOUR,
    )
    vote = Vote.objects.waiting().get(voter=world.ruth)
    assert vote.due_at == MONDAY + 2 * HOUR
    with pytest.raises(Refused, match="closed"):
        approvals.vote(vote, "approved", by=world.ruth, at=MONDAY + 2 * HOUR)
    approvals.remind_and_time_out(MONDAY + 2 * HOUR)
    actions.decided(change, at=MONDAY + 2 * HOUR)
    assert change.status == "draft"
