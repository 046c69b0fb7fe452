"""Acknowledge and first response: what meets them, and what does not (`SLA-2`)."""

import pytest

from itil.desk import actions as verbs
from itil.sla import actions as sla
from itil.sla.models import Metric, Outcome
from itil.tickets.actions import record
from itil.tickets.models import Channel, EventKind
from tests import make
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, clock_of, columns, opened, told
from .stories import MONDAY_TEN, Story, promise

LATER = MONDAY + 10 * MINUTE
BOTH = (Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE)


def states(ticket) -> tuple[str, str]:
    return tuple(clock_of(ticket, metric).state for metric in BOTH)


def test_clocks_start_when_the_ticket_was_received_and_the_next_due_is_copied(cast):
    ticket = make.incident(
        cast, impact=2, urgency=2, received_at=MONDAY, at=MONDAY + 5 * MINUTE, channel="mail"
    )
    assert list(ticket.clocks.values_list("metric", "due_at")) == [
        ("acknowledge", MONDAY + ONE_HOUR),
        ("first_response", MONDAY + 2 * ONE_HOUR),
        ("resolution", at(3, 4, 10)),
    ]
    assert columns(ticket) == (MONDAY + ONE_HOUR, MONDAY + 45 * MINUTE, False)
    assert clock_of(ticket).reason == "default agreement"


# --- Acknowledge -----------------------------------------------------------------------------


def test_taking_acknowledges_and_answers_nothing(desk):
    desk.take(LATER)
    assert states(desk.ticket) == ("stopped", "running")
    assert columns(desk.ticket)[0] == MONDAY + 2 * ONE_HOUR


def test_a_lead_who_assigns_it_acknowledges(cast, desk):
    verbs.assign(desk.ticket, cast.bo, by=cast.cleo, at=LATER)
    assert states(desk.ticket) == ("stopped", "running")


def test_assigned_by_a_rule_is_not_acknowledged(cast, desk):
    verbs.assign(desk.ticket, cast.bo, by=None, at=LATER)
    assert states(desk.ticket) == ("running", "running")


def test_handing_over_to_a_team_acknowledges_nothing(cast, desk):
    desk.hand_over(LATER, cast.network_team)
    assert states(desk.ticket) == ("running", "running")


# --- What meets a first response -------------------------------------------------------------


def test_a_reply_meets_both(desk):
    desk.reply(LATER)
    assert states(desk.ticket) == ("stopped", "stopped")
    assert clock_of(desk.ticket, Metric.FIRST_RESPONSE).outcome == Outcome.MET


def test_a_second_reply_changes_nothing(desk):
    desk.reply(LATER)
    desk.reply(MONDAY + 20 * MINUTE)
    assert clock_of(desk.ticket, Metric.FIRST_RESPONSE).stopped_at == LATER


def test_a_public_resolution_note_meets_both(desk):
    desk.resolve(LATER)
    assert states(desk.ticket) == ("stopped", "stopped")


def test_a_public_question_meets_both(desk):
    desk.hold(LATER)
    assert states(desk.ticket) == ("stopped", "stopped")


def test_a_logged_call_to_the_requester_meets_both(cast, desk):
    verbs.reply(desk.ticket, by=cast.bo, text="Called Ann.", channel=Channel.PHONE, at=LATER)
    assert states(desk.ticket) == ("stopped", "stopped")


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.DESK])
def test_opened_in_a_conversation_it_is_answered_at_once(cast, channel):
    ticket = opened(cast, MONDAY, channel=channel, by=cast.bo)
    response = clock_of(ticket, Metric.FIRST_RESPONSE)
    assert (response.outcome, response.elapsed_seconds) == (Outcome.MET, 0)
    assert columns(ticket)[0] == clock_of(ticket).due_at


def test_nobody_asked_so_nobody_waits_for_an_answer():
    story = Story(MONDAY_TEN, promise(first_response=2, resolution=8), channel=Channel.SYSTEM)
    assert story.clocks(Metric.FIRST_RESPONSE) == []
    assert (
        story.edit(MONDAY_TEN, promise(first_response=1, resolution=8)).clocks(
            Metric.FIRST_RESPONSE
        )
        == []
    )


# --- What does not ---------------------------------------------------------------------------


def test_an_internal_note_is_no_response(desk):
    desk.note(LATER)
    assert states(desk.ticket) == ("running", "running")


def test_an_automatic_receipt_is_no_response(cast, desk):
    event = record(desk.ticket, EventKind.MAIL, by=None, at=LATER, data={"what": "receipt"})
    sla.follow(desk.ticket, event)
    assert states(desk.ticket) == ("running", "running")


def test_a_message_to_a_supplier_is_no_response(cast, desk):
    event = record(desk.ticket, EventKind.SUPPLIER, by=cast.bo, at=LATER, data={"what": "sent"})
    sla.follow(desk.ticket, event)
    assert states(desk.ticket) == ("running", "running")


def test_a_state_change_without_public_text_is_no_response(desk):
    desk.take(LATER)
    desk.hold(LATER, "scheduled")
    desk.resume(MONDAY + 20 * MINUTE)
    assert states(desk.ticket) == ("stopped", "running")


def test_what_the_system_says_is_no_response(cast, desk):
    values = {"resolution_code": "no_response", "note": "We did not hear from you."}
    verbs.move(desk.ticket, "resolve", by=None, values=values, at=MONDAY + 3 * ONE_HOUR)
    response = clock_of(desk.ticket, Metric.FIRST_RESPONSE)
    # It ends with the ticket, and was missed by then.
    assert (response.outcome, response.breached_at) == (Outcome.BREACHED, MONDAY + 2 * ONE_HOUR)


def test_the_requester_answers_nothing_by_writing_again(desk):
    desk.comment(LATER)
    assert states(desk.ticket) == ("running", "running")


# --- Late ------------------------------------------------------------------------------------


def test_late_answer_is_told_as_a_breach_although_no_job_ran(desk):
    desk.reply(MONDAY + 3 * ONE_HOUR)
    assert told(desk.ticket) == [("acknowledge", "breached"), ("first_response", "breached")]
    events = desk.ticket.events.filter(kind="clock").order_by("pk")
    assert [event.at for event in events] == [MONDAY + ONE_HOUR, MONDAY + 2 * ONE_HOUR]
    assert columns(desk.ticket)[2] is True
    assert sla.tick(MONDAY + 3 * ONE_HOUR)["breached"] == 0


def test_answer_that_the_mail_server_had_in_time_takes_the_breach_back(cast, desk):
    """The worker had found it missed before the mail was fetched (`MAI-13`)."""
    sla.tick(MONDAY + 3 * ONE_HOUR)
    verbs.reply(
        desk.ticket, by=cast.bo, text="We look.", channel=Channel.MAIL, at=MONDAY + ONE_HOUR
    )
    response = clock_of(desk.ticket, Metric.FIRST_RESPONSE)
    assert (response.outcome, response.breached_at) == (Outcome.MET, None)
    assert columns(desk.ticket)[2] is False


def test_resolving_stops_everything_and_clears_the_due_time(desk):
    desk.resolve(MONDAY + 30 * MINUTE)
    assert set(desk.ticket.clocks.values_list("state", "outcome")) == {("stopped", "met")}
    assert columns(desk.ticket) == (None, None, False)
