"""From stored events to reactions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.tickets.actions import record
from itil.tickets.models import EventKind, TicketEvent
from portal.worker.dispatch import FIRST_WAIT, MAX_ATTEMPTS, dispatch_events, retry_reactions
from portal.worker.models import FailedReaction
from tests import make
from tests.cast import MONDAY


class Power(BaseException):
    """The machine stops: no code of ours may catch it."""


@pytest.fixture
def ticket(cast):
    """A ticket whose events so far are handled."""
    ticket = make.incident(cast)
    TicketEvent.objects.update(handled_at=MONDAY)
    return ticket


def happen(ticket, count=1):
    return [
        record(ticket, EventKind.EDITED, by=None, at=MONDAY, data={"number": number})
        for number in range(count)
    ]


def test_events_are_handled_once_in_the_order_they_were_recorded(ticket):
    events, heard = happen(ticket, 3), []
    reactions = (("ears", heard.append),)
    assert dispatch_events(limit=2, reactions=reactions) == 2
    assert dispatch_events(reactions=reactions) == 1
    assert dispatch_events(reactions=reactions) == 0
    assert heard == events


def test_every_reaction_hears_an_event_before_the_next_event(ticket):
    first, second = happen(ticket, 2)
    heard = []
    reactions = tuple(
        (name, lambda event, name=name: heard.append((event, name))) for name in ("a", "b")
    )
    dispatch_events(reactions=reactions)
    assert heard == [(first, "a"), (first, "b"), (second, "a"), (second, "b")]


def test_a_failing_reaction_undoes_only_itself_and_is_owed(ticket):
    (event,) = happen(ticket)
    heard = []

    def half(event):
        event.ticket.__class__.objects.filter(pk=event.ticket_id).update(title="Half done")
        raise ValueError("broken")

    before = timezone.now()
    dispatch_events(reactions=(("half", half), ("ears", heard.append)))
    assert heard == [event]
    ticket.refresh_from_db()
    assert ticket.title == "Mail does not arrive"
    owed = FailedReaction.objects.get()
    assert (owed.event, owed.reactor, owed.attempts) == (event, "half", 1)
    assert "ValueError: broken" in owed.error
    assert owed.next_at >= before + FIRST_WAIT


def test_an_owed_reaction_is_tried_again_when_its_time_has_come(ticket):
    happen(ticket)
    heard = []

    def fails(_event):
        raise ValueError("broken")

    dispatch_events(reactions=(("ears", fails),))
    mended = (("ears", heard.append),)
    due = FailedReaction.objects.get().next_at
    assert retry_reactions(due - timedelta(seconds=1), reactions=mended) == 0
    assert retry_reactions(due, reactions=mended) == 1
    assert len(heard) == 1
    assert FailedReaction.objects.count() == 0


def test_an_owed_reaction_is_given_up_after_its_last_attempt_and_kept(ticket):
    happen(ticket)

    def fails(_event):
        raise ValueError("broken")

    reactions = (("ears", fails),)
    dispatch_events(reactions=reactions)
    waits = []
    while (due := FailedReaction.objects.get().next_at) is not None:
        assert retry_reactions(due, reactions=reactions) == 0
        after = FailedReaction.objects.get().next_at
        waits.append(after and (after - due).total_seconds())
    assert waits == [60, 120, 240, 480, 960, 1920, 3840, 7200, None]
    assert FailedReaction.objects.get().attempts == MAX_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_between_taking_and_reacting_loses_and_doubles_nothing(cast):
    ticket = make.incident(cast)
    TicketEvent.objects.update(handled_at=MONDAY)
    first, second = happen(ticket, 2)
    heard = []

    def dies(event):
        heard.append(event)
        if event == second:
            raise Power

    with pytest.raises(Power):
        dispatch_events(reactions=(("ears", dies),))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.handled_at is None, second.handled_at is None) == (False, True)
    heard.clear()
    dispatch_events(reactions=(("ears", heard.append),))
    assert heard == [second]
