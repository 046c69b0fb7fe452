"""Business time on tickets, whatever their type: waits for the requester, and courtesies."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.desk.clock import courtesy_until, unanswered
from itil.incidents.models import Incident
from itil.sla.models import SlaClock
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket, TicketEvent
from tests import make
from tests.cast import MONDAY
from tests.catalog.requests import orders

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOLVED = {"resolution_code": "fixed", "note": "It works; nothing else was to be done."}
QUESTION = {"hold_reason": "awaiting_requester", "note": "Which one?"}


def test_questions_of_every_type_are_found_the_oldest_first(cast):
    request = orders.approved(orders.counter(cast))
    incident = make.taken_incident(cast)
    make.taken_incident(cast)
    desk.move(incident, "hold", by=cast.bo, values=QUESTION, at=MONDAY + DAY)
    desk.move(request, "hold", by=cast.bo, values=QUESTION, at=MONDAY + timedelta(hours=1))

    waits = list(unanswered(Ticket.objects.all(), MONDAY + 2 * DAY))

    assert [wait.ticket for wait in waits] == [request.pk, incident.pk]
    assert waits[1].after(1) == MONDAY + 2 * DAY
    assert list(unanswered(Ticket.objects.filter(kind="incident"), MONDAY)) == []


# --- Reopenings that are none (INC-3) ------------------------------------------------------------


def thanked(cast, at=MONDAY + HOUR) -> Ticket:
    """Resolved on Monday at 10:00 in Berlin; Ann says thank you at `at`, which opens it again."""
    incident = make.resolved_incident(cast)
    desk.comment(incident, by=cast.ann, text="Thank you!", channel="mail", at=at)
    return incident


def test_a_courtesy_ends_one_business_hour_after_the_word_of_thanks(cast):
    """Friday 16:30: half an hour is left of the week, and Monday opens at 9:00."""
    friday = MONDAY + 4 * DAY + timedelta(hours=6, minutes=30)
    assert courtesy_until(thanked(cast, at=friday)) == MONDAY + 7 * DAY - timedelta(minutes=30)


def test_a_courtesy_leaves_the_count_and_stays_in_the_history(cast):
    incident = thanked(cast)
    desk.move(
        incident, "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}, at=MONDAY + 2 * HOUR
    )

    stored = Incident.objects.get()
    assert (stored.status, stored.reopen_count) == ("resolved", 0)
    assert (stored.reopened_at, stored.resolved_at) == (MONDAY + HOUR, MONDAY + 2 * HOUR)
    steps = TicketEvent.objects.filter(kind="moved").order_by("pk")
    assert [step.data.get("courtesy", False) for step in steps][-2:] == [False, True]
    assert [step.data["verb"] for step in steps][-2:] == ["reopen", "resolve"]


def test_the_clock_of_a_courtesy_goes_on_as_after_any_reopening(cast):
    incident = thanked(cast)
    desk.move(
        incident, "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}, at=MONDAY + 2 * HOUR
    )
    clock = SlaClock.objects.get(metric="resolution")
    assert (clock.state, clock.outcome, clock.elapsed_seconds) == ("stopped", "met", 3600)


def test_without_the_mark_the_reopening_counts(cast):
    incident = thanked(cast)
    desk.move(
        incident, "resolve", by=cast.bo, values=SOLVED | {"courtesy": False}, at=MONDAY + 2 * HOUR
    )
    assert Incident.objects.get().reopen_count == 1
    assert "courtesy" not in TicketEvent.objects.filter(kind="moved").last().data


def test_a_courtesy_a_second_too_late_is_refused_and_nothing_changes(cast):
    incident = thanked(cast)
    with pytest.raises(Refused, match="business hour"):
        desk.move(
            incident,
            "resolve",
            by=cast.bo,
            values=SOLVED | {"courtesy": True},
            at=MONDAY + 2 * HOUR + timedelta(seconds=1),
        )
    stored = Incident.objects.get()
    assert (stored.status, stored.reopen_count) == ("in_progress", 1)


def test_what_the_desk_opened_again_is_no_courtesy(cast):
    incident = make.resolved_incident(cast)
    desk.move(
        incident, "reopen", by=cast.bo, values={"reason": "Not tested yet."}, at=MONDAY + HOUR
    )
    assert courtesy_until(incident) is None
    with pytest.raises(Refused):
        desk.move(
            incident, "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}, at=MONDAY + HOUR
        )


def test_what_the_system_opened_with_its_parent_is_no_courtesy(cast):
    incident = make.resolved_incident(cast)
    desk.move(
        incident,
        "reopen",
        by=None,
        values={"reason": "Its parent."},
        channel="system",
        at=MONDAY + HOUR,
    )
    assert courtesy_until(incident) is None


def test_what_was_never_opened_again_is_no_courtesy(cast):
    with pytest.raises(Refused):
        desk.move(
            make.taken_incident(cast), "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}
        )


def test_two_courtesies_in_a_row_leave_the_count_at_nothing(cast):
    incident = thanked(cast)
    for hours in (1, 2):
        at = MONDAY + hours * HOUR + timedelta(minutes=30)
        desk.move(incident, "resolve", by=cast.bo, values=SOLVED | {"courtesy": True}, at=at)
        if hours == 1:
            desk.comment(incident, by=cast.ann, text="Thanks again!", at=MONDAY + 2 * HOUR)
    assert Incident.objects.get().reopen_count == 0


def test_a_courtesy_where_nothing_asks_for_one_means_nothing(cast):
    """Somebody may add it to any form that is sent."""
    incident = make.taken_incident(cast)
    desk.move(incident, "hold", by=cast.bo, values=QUESTION | {"courtesy": True}, at=MONDAY + HOUR)
    assert "courtesy" not in TicketEvent.objects.filter(kind="moved").last().data


def test_a_reopening_of_an_imported_history_is_no_courtesy(cast):
    """Such histories do not say who opened it again."""
    incident = thanked(cast)
    reopening = TicketEvent.objects.filter(kind="moved").last()
    TicketEvent.objects.filter(pk=reopening.pk).update(
        data={name: value for name, value in reopening.data.items() if name != "side"}
    )
    assert courtesy_until(incident) is None
