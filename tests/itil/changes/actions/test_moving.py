"""What follows from the steps of a change: votes, holds, spoken authorizations."""

from datetime import timedelta

import pytest

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.models import BoardMember, BoardRule, Change
from itil.changes.reactions import react
from itil.desk import actions as desk
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketEvent
from tests import make
from tests.cast import MONDAY
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR, START

DAY = timedelta(days=1)


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def hear(change):
    """Let the reactions of changes hear what nobody has heard yet."""
    for event in TicketEvent.objects.filter(handled_at__isnull=True).order_by("pk"):
        TicketEvent.objects.filter(pk=event.pk).update(handled_at=event.at)
        react(event)
    change.refresh_from_db()


def test_without_a_peer_who_agreed_nobody_asks_for_authority(world):
    change = worlds.draft(world)
    actions.move(change, "submit", by=world.cast.bo, at=MONDAY)
    with pytest.raises(Refused, match="peer"):
        actions.move(change, "ask_authority", by=world.chas, at=MONDAY)
    change.refresh_from_db()
    assert change.status == "assessment"


def test_a_decline_sends_the_change_back_with_its_reason(world):
    change = worlds.asked(world)
    worlds.vote(change, world.ruth, "rejected", at=MONDAY + HOUR, reason="Too short.")
    assert (change.status, change.asked_at, change.peers_agreed_at) == ("draft", None, None)
    assert change.events.filter(data__reason="Too short.", kind="moved").exists()


def test_on_hold_votes_are_suspended_and_time_outs_stop(world):
    change = worlds.asked(world)
    vote = Vote.objects.waiting().get(voter=world.ruth)
    left = vote.due_at - (MONDAY + HOUR)
    values = {"reason": "The part is late."}
    actions.move(change, "hold", by=world.cast.bo, values=values, at=MONDAY + HOUR)
    with pytest.raises(Refused, match="on hold"):
        approvals.vote(vote, "approved", by=world.ruth, at=MONDAY + 2 * HOUR)
    assert approvals.remind_and_time_out(MONDAY + 30 * DAY) == 0
    actions.move(change, "resume", by=world.cast.bo, at=MONDAY + HOUR + 7 * DAY)
    vote.refresh_from_db()
    assert vote.due_at - (MONDAY + HOUR + 7 * DAY) == left
    approvals.vote(vote, "approved", by=world.ruth, at=MONDAY + 8 * DAY)


def test_it_starts_in_its_window_or_by_the_change_manager_with_a_note(world):
    change = worlds.scheduled(world)
    for at in (START - timedelta(seconds=1), START + 2 * HOUR):
        with pytest.raises(NotAllowed):
            actions.move(change, "start", by=world.cast.ned, at=at)
    with pytest.raises(MissingValue) as refusal:
        actions.move(change, "start", by=world.chas, at=START - HOUR)
    assert refusal.value.field == "note"
    actions.move(change, "start", by=world.chas, values={"note": "Early."}, at=START - HOUR)
    assert (change.outside_window, change.actual_start) == (True, START - HOUR)


def spoken(world, change, at=MONDAY):
    values = {"verbal_authoriser": world.eve, "verbal_at": at, "verbal_note": "Do it."}
    return actions.move(change, "start_unapproved", by=world.chas, values=values, at=at)


def test_a_spoken_authorization_is_confirmed_in_time_or_counts_as_none(world):
    confirmed = spoken(world, worlds.emergency(world))
    worlds.vote(confirmed, world.eve, at=MONDAY + HOUR)
    late = spoken(world, worlds.emergency(world))
    assert late.confirm_by == MONDAY + DAY
    assert actions.flag_unauthorised(MONDAY + DAY - HOUR) == 0
    assert actions.flag_unauthorised(MONDAY + DAY) == 1
    assert actions.flag_unauthorised(MONDAY + DAY) == 0
    for change in (confirmed, late):
        change.refresh_from_db()
    assert (confirmed.is_unauthorised, confirmed.confirmed_at) == (False, MONDAY + HOUR)
    assert (late.is_unauthorised, late.confirmed_at) == (True, None)
    assert set(Change.objects.out_of_order()) == {confirmed, late}


def test_nobody_speaks_for_the_own_change(world):
    change = worlds.emergency(world)
    values = {"verbal_authoriser": world.cast.ned, "verbal_at": MONDAY, "verbal_note": "Me."}
    with pytest.raises(MissingValue) as refusal:
        actions.move(change, "start_unapproved", by=world.chas, values=values, at=MONDAY)
    assert refusal.value.field == "verbal_authoriser"
    change.refresh_from_db()
    assert (change.status, change.is_retrospective) == ("draft", False)


def test_a_board_without_members_is_never_an_approval(world):
    BoardMember.objects.filter(board=world.cab).delete()
    change = worlds.asked(world)
    assert change.status == "authorization"
    assert list(Vote.objects.waiting().values_list("voter__name", flat=True)) == ["Chas"]


def test_a_board_of_the_owner_alone_goes_to_the_change_manager(world):
    BoardMember.objects.filter(board=world.cab).delete()
    BoardMember.objects.create(board=world.cab, user=world.cast.bo)
    worlds.asked(world)
    assert list(Vote.objects.waiting().values_list("voter__name", flat=True)) == ["Chas"]


def test_without_a_board_that_fits_authority_is_not_asked(world):
    change = worlds.assessed(world)
    BoardRule.objects.all().delete()
    with pytest.raises(Refused, match="board"):
        actions.move(change, "ask_authority", by=world.chas, at=MONDAY)
    change.refresh_from_db()
    assert change.status == "assessment"


def test_an_incident_waits_for_a_linked_change_and_goes_on_when_it_is_closed(world):
    change = worlds.finished(world)
    incident = make.taken_incident(world.cast)
    values = {"hold_reason": "awaiting_change"}
    for reference in ("", "CHG-999999"):
        with pytest.raises(MissingValue) as refusal:
            desk.move(incident, "hold", by=world.cast.bo, values=values | {"reference": reference})
        assert refusal.value.field == "reference"
    reference = {"reference": change.number.lower()}
    desk.move(incident, "hold", by=world.cast.bo, values=values | reference, at=START)
    assert incident.links_out.get().target_id == change.pk
    actions.move(change, "close", by=world.chas, at=START + 2 * HOUR)
    hear(change)
    incident.refresh_from_db()
    assert incident.status == "in_progress"
