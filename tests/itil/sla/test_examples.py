"""The worked examples of domain 4.6 that are about tickets, through the verbs of the desk.

E1 to E36 and the rows C and D are about calendars alone: tests/itil/calendars.
"""

from datetime import timedelta

import pytest

from itil.calendars.models import BusinessCalendar, CalendarDay, WeeklyOpening
from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import Agreement, ClockState, EscalationStep, Metric, Outcome
from tests.cast import HOUR
from tests.itil.calendars.calendars import at

from .stored import agree, clock_of, opened, play, told
from .stories import DAY_AND_NIGHT, Story, hours, promise

NINE, TEN, HALF_PAST_NINE = at(3, 2, 9), at(3, 2, 10), at(3, 2, 9, 30)
P3_AND_P1 = {1: 4, 3: 16}

# Received, target in hours, what happened, due.
DUE = {
    "E37": (TEN, 8, [(at(3, 2, 12), "hold"), (at(3, 2, 14), "resume")], at(3, 3, 12)),
    "E38": (TEN, 8, [(at(3, 2, 16), "hold"), (at(3, 3, 10), "resume")], at(3, 3, 12)),
    "E39": (TEN, 8, [(at(3, 2, 19), "hold"), (at(3, 3, 7), "resume")], at(3, 3, 10)),
    "E40 after the first pause": (
        at(3, 5, 15),
        8,
        [(at(3, 6, 11), "hold"), (at(3, 9, 11), "resume")],
        at(3, 9, 15),
    ),
    "E40 after the second pause": (
        at(3, 5, 15),
        8,
        [
            (at(3, 6, 11), "hold"),
            (at(3, 9, 11), "resume"),
            (at(3, 9, 12), "hold"),
            (at(3, 9, 13, 30), "resume"),
        ],
        at(3, 9, 16, 30),
    ),
    "E41 before": (HALF_PAST_NINE, P3_AND_P1, [], at(3, 4, 9, 30)),
    "E41": (
        HALF_PAST_NINE,
        P3_AND_P1,
        [(at(3, 2, 11, 30), "prioritize", 1)],
        at(3, 2, 13, 30),
    ),
    "E43 before": (
        HALF_PAST_NINE,
        P3_AND_P1,
        [(at(3, 2, 10, 30), "hold"), (at(3, 2, 14, 30), "resume")],
        at(3, 4, 13, 30),
    ),
    "E43": (
        HALF_PAST_NINE,
        P3_AND_P1,
        [
            (at(3, 2, 10, 30), "hold"),
            (at(3, 2, 14, 30), "resume"),
            (at(3, 2, 15), "prioritize", 1),
        ],
        at(3, 3, 9, 30),
    ),
    "E45": (
        NINE,
        8,
        [(at(3, 2, 14), "resolve"), (at(3, 4, 10), "reopen")],
        at(3, 4, 13),
    ),
}


@pytest.mark.parametrize("example", DUE)
def test_due_time_is_that_of_the_worked_example(cast, promised, example):
    received_at, target, happenings, due_at = DUE[example]
    promised(resolution=target)
    ticket = opened(cast, received_at)
    play(cast, ticket, *happenings)
    clock = clock_of(ticket)
    assert clock.due_at == due_at
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.PENDING)


# --- Outcome (E7, E8) ------------------------------------------------------------------------


def test_e7_work_after_closing_is_late_although_the_business_time_equals_the_target(cast, promised):
    promised(resolution=8)
    ticket = opened(cast, NINE)
    play(cast, ticket, (at(3, 2, 17, 30), "resolve"))
    clock = clock_of(ticket)
    assert (clock.elapsed_seconds, clock.outcome) == (8 * HOUR, Outcome.BREACHED)
    assert clock.breached_at == clock.outcome_at == at(3, 2, 17)
    assert clock.stopped_at == at(3, 2, 17, 30)


def test_e8_at_the_exact_due_instant_the_target_is_met(cast, promised):
    promised(resolution=8)
    ticket = opened(cast, NINE)
    play(cast, ticket, (at(3, 2, 17), "resolve"))
    clock = clock_of(ticket)
    assert (clock.outcome, clock.outcome_at) == (Outcome.MET, at(3, 2, 17))


# --- Priority (E42, E44) ---------------------------------------------------------------------


def test_e42_a_late_raise_is_missed_at_the_due_time_it_should_have_had(cast, promised):
    promised(resolution=P3_AND_P1)
    ticket = opened(cast, HALF_PAST_NINE)
    play(cast, ticket, (at(3, 2, 15, 30), "prioritize", 1))
    clock = clock_of(ticket)
    assert (clock.state, clock.outcome) == (ClockState.RUNNING, Outcome.BREACHED)
    assert clock.breached_at == clock.due_at == at(3, 2, 13, 30)
    assert clock.breach_noticed_at == at(3, 2, 15, 30)
    # In order of what happened when, not of what was noticed when.
    events = ticket.events.filter(kind="clock").order_by("at")
    assert [(event.data["what"], event.at) for event in events] == [
        ("breached", at(3, 2, 13, 30)),
        ("retargeted", at(3, 2, 15, 30)),
    ]


def test_e44_lowering_before_the_breach_gives_more_time(cast, promised):
    promised(resolution=P3_AND_P1)
    ticket = opened(cast, HALF_PAST_NINE, priority=1)
    play(cast, ticket, (at(3, 2, 11, 30), "prioritize", 3))
    clock = clock_of(ticket)
    assert (clock.due_at, clock.target_version) == (at(3, 4, 9, 30), 2)


# --- Warnings (E46, E47) ---------------------------------------------------------------------

TUESDAY = {50: at(3, 3, 11), 75: at(3, 3, 13), 90: at(3, 3, 14, 12), 100: at(3, 3, 15)}
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def warned(cast, promised):
    promised(resolution=8)
    for percent in TUESDAY:
        EscalationStep.objects.create(
            agreement=cast.agreement, percent=percent, action="notify_assignee"
        )
    return opened(cast, at(3, 2, 15))


def fired(ticket) -> dict:
    events = ticket.events.filter(data__what="escalated").order_by("pk")
    return {event.data["percent"]: event.at for event in events}


def test_e46_steps_fire_at_their_shares_of_the_target(warned):
    for mark in TUESDAY.values():
        assert sla.tick(mark - timedelta(seconds=1))["escalated"] == 0
        assert sla.tick(mark)["escalated"] == 1
    assert fired(warned) == TUESDAY


def test_e47_steps_move_with_a_pause(cast, warned):
    play(cast, warned, (at(3, 3, 10), "hold"), (at(3, 3, 12), "resume"))
    marks = {percent: mark + TWO_HOURS for percent, mark in TUESDAY.items()}
    for mark in marks.values():
        assert sla.tick(mark - timedelta(seconds=1))["escalated"] == 0
        assert sla.tick(mark)["escalated"] == 1
    assert fired(warned) == marks
    assert clock_of(warned).due_at == at(3, 3, 17)


# --- Replies, teams, suppliers (E48 to E50) --------------------------------------------------


def test_e48_more_messages_do_not_restart_the_next_response(cast, promised):
    promised(next_response=2)
    ticket = opened(cast, TEN)
    play(
        cast,
        ticket,
        (at(3, 2, 11), "reply"),
        (at(3, 2, 16, 30), "comment"),
        (at(3, 2, 16, 45), "comment"),
    )
    assert clock_of(ticket, Metric.NEXT_RESPONSE).due_at == at(3, 3, 10, 30)
    play(cast, ticket, (at(3, 3, 9, 50), "reply"))
    clock = clock_of(ticket, Metric.NEXT_RESPONSE)
    assert (clock.elapsed_seconds, clock.outcome) == (4800, Outcome.MET)


def test_e49_the_stays_of_a_team_add_up(cast):
    network = cast.network_team
    agree(cast, "Network", kind=Agreement.Kind.OLA, team=network, promises={"ola_resolution": 6})
    ticket = opened(cast, TEN)
    play(
        cast,
        ticket,
        (at(3, 2, 14), "hand_over", network),
        (at(3, 2, 16), "hand_over", cast.desk_team),
        (at(3, 3, 10), "hand_over", network),
    )
    assert clock_of(ticket, Metric.OLA_RESOLUTION).due_at == at(3, 3, 14)
    assert ticket.clocks.filter(metric=Metric.OLA_RESOLUTION).count() == 1


@pytest.mark.parametrize(
    ("handed_over_at", "due_at"),
    [
        pytest.param(at(3, 2, 16), at(3, 4, 16), id="E50 in winter"),
        pytest.param(at(3, 6, 16), at(3, 10, 15), id="E50 between the two changes"),
    ],
)
def test_e50_a_supplier_is_measured_by_its_own_calendar(cast, handed_over_at, due_at):
    new_york = BusinessCalendar.objects.create(name="NY", time_zone="America/New_York")
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=new_york, weekday=day, opens=540, closes=1020) for day in range(5)
    )
    agree(
        cast,
        "Globex",
        kind=Agreement.Kind.UC,
        supplier=cast.globex,
        calendar=new_york,
        promises={"uc_resolution": 16},
    )
    ticket = opened(cast, TEN)
    supplier = {"hold_reason": "awaiting_vendor", "reference": "G-1", "supplier": cast.globex}
    desk.move(ticket, "hold", by=cast.bo, values=supplier, at=handed_over_at)
    clock = clock_of(ticket, Metric.UC_RESOLUTION)
    assert (clock.due_at, clock.supplier) == (due_at, cast.globex)


# --- Requests, calendars, units, merging (E51 to E54) ----------------------------------------


def test_e51_fulfilment_begins_with_the_approval():
    story = Story(TEN, promise(fulfilment=8)).hold(TEN, "awaiting_approval")
    assert story.clock(Metric.FULFILMENT).state == ClockState.NOT_STARTED
    story.move(at(3, 4, 11), "decided", "open", marks="approved", side="system")
    clock = story.clock(Metric.FULFILMENT)
    assert (clock.started_at, clock.due_at) == (at(3, 4, 11), at(3, 5, 11))


def test_e52_a_new_week_counts_from_its_date_on(cast, promised):
    CalendarDay.objects.create(calendar=cast.calendar, on=at(5, 1).date(), kind="holiday")
    promised(resolution=8)
    ticket = opened(cast, at(3, 3, 15))
    assert clock_of(ticket).due_at == at(3, 4, 15)
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(
            calendar=cast.calendar,
            weekday=day,
            opens=600,
            closes=960,
            effective_from=at(3, 4).date(),
        )
        for day in range(5)
    )
    cast.calendar.save()
    assert sla.recount(at(3, 3, 16)) == 1
    assert clock_of(ticket).due_at == at(3, 4, 16)
    assert ("", "recounted") in told(ticket)


@pytest.mark.parametrize(
    ("target", "due_at"),
    [
        pytest.param(hours(24), at(3, 5, 11), id="E53 office hours"),
        pytest.param(hours(24, DAY_AND_NIGHT), at(3, 3, 11), id="E53 day and night"),
    ],
)
def test_e53_24_hours_are_not_a_day(target, due_at):
    assert Story(at(3, 2, 11), promise(resolution=target)).clock().due_at == due_at


def test_e54_the_earliest_receipt_counts_after_a_merge(cast, promised):
    promised(resolution=16)
    older, younger = opened(cast, TEN), opened(cast, at(3, 3, 9))
    assert clock_of(younger).due_at == at(3, 4, 17)
    desk.merge(older, younger, by=cast.bo, at=at(3, 3, 11))
    clock = clock_of(younger)
    assert (clock.started_at, clock.due_at) == (TEN, at(3, 4, 10))
