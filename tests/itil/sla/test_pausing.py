"""What a wait does to each clock (domain 2.1, `SLA-16`)."""

import pytest

from itil.sla.models import ClockState, Metric
from itil.sla.terms import PAUSING
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, clock_of, columns
from .stories import DESK, MONDAY_TEN, SUPPLIER, Story, promise

SLA = promise(
    acknowledge=1, first_response=2, next_response=2, update=4, resolution=8, fulfilment=8
)
OLA = promise(kind="ola", agreement=2, team=DESK, ola_resolution=6)
UC = promise(kind="uc", agreement=3, supplier=SUPPLIER, uc_response=2, uc_resolution=6)

# The table of domain 2.1: resolution and update, OLA, UC. True: it stands still.
TABLE = {
    "awaiting_requester": (True, True, False),
    "scheduled": (True, True, False),
    "awaiting_vendor": (False, True, False),
    "awaiting_change": (False, True, False),
    "awaiting_problem": (False, True, False),
    "awaiting_parts": (False, True, False),
    "task_failed": (False, False, False),
    "awaiting_approval": (True, True, False),
    "force_majeure": (True, True, True),
}
CUSTOMERS = (Metric.NEXT_RESPONSE, Metric.UPDATE, Metric.RESOLUTION, Metric.FULFILMENT)
SUPPLIERS = (Metric.UC_RESPONSE, Metric.UC_RESOLUTION)


def running_everything() -> Story:
    """A ticket of which every pausable clock runs, handed to a supplier."""
    story = Story(MONDAY_TEN, SLA, OLA, team=DESK)
    story.move(MONDAY_TEN, "decided", "open", marks="approved")
    story.reply(MONDAY_TEN).comment(MONDAY_TEN)
    return story.hold(MONDAY_TEN, "awaiting_vendor", UC)


@pytest.mark.parametrize("reason", TABLE)
def test_each_wait_pauses_as_the_table_says(reason):
    customers, team, supplier = TABLE[reason]
    story = running_everything().hold(at(3, 2, 11), reason)
    stand_still = {
        metric: story.clock(metric).state == ClockState.PAUSED
        for metric in (*CUSTOMERS, Metric.OLA_RESOLUTION, *SUPPLIERS)
    }
    assert stand_still == {
        **dict.fromkeys(CUSTOMERS, customers),
        Metric.OLA_RESOLUTION: team,
        **dict.fromkeys(SUPPLIERS, supplier),
    }


@pytest.mark.parametrize("reason", TABLE)
def test_acknowledge_and_first_response_never_pause(reason):
    story = Story(MONDAY_TEN, SLA).hold(at(3, 2, 10, 10), reason)
    for metric in (Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE):
        assert story.clock(metric).state == ClockState.RUNNING


def test_waiting_for_a_supplier_pauses_when_the_agreement_says_so():
    terms = promise(resolution=8, pausing=(*PAUSING, "awaiting_vendor"))
    story = Story(MONDAY_TEN, terms).hold(at(3, 2, 11), "awaiting_vendor")
    assert story.clock().state == ClockState.PAUSED


def test_going_on_lets_every_paused_clock_run():
    story = running_everything().hold(at(3, 2, 11), "force_majeure").resume(at(3, 2, 12))
    states = {story.clock(metric).state for metric in (*CUSTOMERS, Metric.OLA_RESOLUTION)}
    assert states == {ClockState.RUNNING}


def test_clock_that_begins_during_a_wait_stands_still_at_once():
    story = Story(MONDAY_TEN, SLA).reply(at(3, 2, 10, 30)).hold(at(3, 2, 11))
    clock = story.comment(at(3, 2, 12)).clock(Metric.NEXT_RESPONSE)
    assert (clock.state, clock.intervals, clock.started_at) == (
        ClockState.PAUSED,
        [],
        at(3, 2, 12),
    )
    clock = story.resume(at(3, 2, 14)).clock(Metric.NEXT_RESPONSE)
    assert clock.due_at == at(3, 2, 16)


def test_another_agreement_may_see_the_present_wait_differently():
    story = Story(MONDAY_TEN, promise(resolution=8)).hold(at(3, 2, 11), "awaiting_vendor")
    pausing = promise(agreement=2, resolution=8, pausing=(*PAUSING, "awaiting_vendor"))
    story.edit(at(3, 2, 12), pausing)
    assert story.clock().state == ClockState.PAUSED
    story.edit(at(3, 2, 13), promise(resolution=8))
    clock = story.clock()
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, at(3, 3, 11))


# --- With the verbs of the desk --------------------------------------------------------------


def test_waiting_for_the_requester_pauses_and_resuming_moves_the_due_time(desk):
    desk.hold(MONDAY + ONE_HOUR)
    assert clock_of(desk.ticket).state == ClockState.PAUSED
    assert columns(desk.ticket) == (None, None, False)
    desk.resume(MONDAY + 3 * ONE_HOUR)
    assert columns(desk.ticket)[0] == at(3, 4, 12)


def test_first_response_is_due_although_the_ticket_waits(desk):
    desk.take(MONDAY)
    desk.hold(MONDAY + 10 * MINUTE, "scheduled", note="")
    assert clock_of(desk.ticket).state == ClockState.PAUSED
    assert columns(desk.ticket)[0] == MONDAY + 2 * ONE_HOUR


@pytest.mark.parametrize(("vendor_pauses", "state"), [(False, "running"), (True, "paused")])
def test_waiting_for_a_supplier_follows_the_agreement(cast, desk, vendor_pauses, state):
    cast.agreement.vendor_pauses = vendor_pauses
    cast.agreement.save()
    desk.edit(MONDAY, organization=cast.globex)
    desk.hold(MONDAY + 10 * MINUTE, "awaiting_vendor")
    assert clock_of(desk.ticket).state == state


def test_answer_by_mail_resumes_when_the_mail_server_had_it(desk):
    desk.hold(MONDAY + ONE_HOUR)
    # Imported at 16:00, received at 13:00.
    desk.mail(at(3, 2, 13))
    clock = clock_of(desk.ticket)
    assert clock.stretches()[-1] == (at(3, 2, 13), None)
    assert clock.due_at == at(3, 4, 12)


def test_out_of_office_message_resumes_nothing(desk):
    desk.hold(MONDAY + ONE_HOUR)
    desk.mail(at(3, 2, 13), is_automatic=True)
    assert clock_of(desk.ticket).state == ClockState.PAUSED


def test_answer_does_not_end_a_wait_for_somebody_else(desk):
    desk.hold(MONDAY + ONE_HOUR, "scheduled")
    desk.comment(at(3, 2, 13))
    assert clock_of(desk.ticket).state == ClockState.PAUSED


def test_force_majeure_pauses_by_the_word_of_a_lead(desk):
    desk.hold(MONDAY + ONE_HOUR, "force_majeure")
    assert clock_of(desk.ticket).state == ClockState.PAUSED
