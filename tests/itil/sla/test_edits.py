"""Edited calendars and agreements: what still runs moves, what is decided stays (`SLA-7`, `18`)."""

from datetime import timedelta

import pytest

from itil.calendars.models import BusinessCalendar, CalendarDay
from itil.sla import actions as sla
from itil.sla.models import Agreement, ClockState, Metric, Outcome, SlaClock
from itil.tickets.models import Ticket
from tests.cast import HOUR, MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, ONE_HOUR, agree, clock_of, columns, opened, play, promise, told

# --- Calendars -------------------------------------------------------------------------------


@pytest.fixture
def tuesday_off(cast):
    """A function that makes Tuesday a holiday."""

    def edit():
        CalendarDay.objects.create(calendar=cast.calendar, on=at(3, 3).date(), kind="holiday")
        cast.calendar.save()

    return edit


def test_holiday_added_later_moves_running_due_times_and_not_stopped_clocks(desk, tuesday_off):
    desk.reply(MONDAY)
    stopped = list(desk.ticket.clocks.filter(state=ClockState.STOPPED).values())
    tuesday_off()
    assert sla.recount(MONDAY + MINUTE) == 1
    assert columns(desk.ticket)[0] == at(3, 5, 10)
    assert list(desk.ticket.clocks.filter(state=ClockState.STOPPED).values()) == stopped
    assert sla.recount(MONDAY + 2 * MINUTE) == 0


def test_paused_clock_is_recounted_when_it_resumes(desk, tuesday_off):
    desk.reply(MONDAY)
    desk.hold(MONDAY + ONE_HOUR)
    tuesday_off()
    assert sla.recount(MONDAY + 2 * ONE_HOUR) == 0
    desk.resume(MONDAY + 3 * ONE_HOUR)
    assert sla.recount(MONDAY + 3 * ONE_HOUR) == 1
    assert columns(desk.ticket)[0] == at(3, 5, 12)


def test_stopped_clock_is_explained_by_the_hours_it_was_counted_by(cast, desk, tuesday_off):
    desk.resolve(at(3, 3, 12))
    tuesday_off()
    sla.recount(at(3, 3, 13))
    clock = clock_of(desk.ticket)
    assert (clock.elapsed_seconds, clock.calendar_version) == (10 * HOUR, 1)
    assert clock.schedule() != BusinessCalendar.objects.get(pk=cast.calendar.pk).schedule()


def test_missed_clock_stays_missed_when_its_day_becomes_a_holiday(desk, tuesday_off):
    desk.reply(MONDAY)
    desk.prioritize(MONDAY, 2)
    assert clock_of(desk.ticket).due_at == at(3, 3, 10)
    sla.tick(at(3, 3, 11))
    tuesday_off()
    sla.recount(at(3, 3, 12))
    clock = clock_of(desk.ticket)
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 3, 10))


def test_warnings_move_as_the_due_time_does(cast, promised):
    """A week that counts from its date on is E52."""
    promised(resolution=8)
    ticket = opened(cast, at(3, 2, 15))
    CalendarDay.objects.create(
        calendar=cast.calendar, on=at(3, 3).date(), kind="closed", starts=780, ends=1020
    )
    cast.calendar.save()
    sla.recount(at(3, 2, 16))
    clock = clock_of(ticket)
    assert (clock.due_at, clock.at_risk_at) == (at(3, 4, 11), at(3, 3, 13))


def test_recounting_tells_the_ticket_once_whatever_its_clocks(desk, tuesday_off):
    tuesday_off()
    assert sla.recount(MONDAY + MINUTE) == 1
    assert told(desk.ticket) == [("", "recounted")]
    event = desk.ticket.events.get(kind="clock")
    assert event.data["calendar_name"] == "Office hours"


def test_one_run_recounts_as_many_tickets_as_there_are(cast, desk, tuesday_off):
    opened(cast, MONDAY)
    tuesday_off()
    assert [sla.recount(MONDAY + MINUTE) for _run in range(2)] == [2, 0]


def test_a_run_that_takes_too_long_leaves_the_rest_to_the_next(cast, desk, tuesday_off):
    opened(cast, MONDAY)
    tuesday_off()
    assert [sla.recount(MONDAY + MINUTE, seconds=0) for _run in range(3)] == [1, 1, 0]


# --- Agreements ------------------------------------------------------------------------------


def shorten(cast, **hours):
    promise(cast.agreement, **hours)
    cast.agreement.save()


def test_edited_agreement_moves_what_is_pending_and_leaves_what_is_decided(cast, desk):
    desk.take(MONDAY + 10 * MINUTE)
    sla.tick(MONDAY + 3 * ONE_HOUR)
    shorten(cast, acknowledge=2, first_response=4, resolution=8)
    assert sla.rechoose(MONDAY + 4 * ONE_HOUR) == 1
    assert list(
        desk.ticket.clocks.order_by("pk").values_list("metric", "agreement_version", "outcome")
    ) == [
        ("acknowledge", 1, Outcome.MET),
        ("first_response", 1, Outcome.BREACHED),
        ("resolution", 2, Outcome.PENDING),
    ]
    assert clock_of(desk.ticket).due_at == at(3, 3, 10)
    assert sla.rechoose(MONDAY + 4 * ONE_HOUR) == 0


def test_two_versions_of_an_agreement_stand_side_by_side(cast):
    old = opened(cast, MONDAY)
    play(cast, old, (MONDAY + ONE_HOUR, "resolve"))
    shorten(cast, resolution=4)
    new = opened(cast, MONDAY)
    versions = {
        clock.ticket_id: (clock.agreement_version, clock.terms["seconds"])
        for clock in SlaClock.objects.filter(metric=Metric.RESOLUTION)
    }
    assert versions == {old.pk: (1, 16 * HOUR), new.pk: (2, 4 * HOUR)}


def test_edited_conditions_may_choose_another_agreement(cast, desk):
    special = agree(cast, "Acme", organization=cast.acme, active=False)
    special.active = True
    special.save()
    # Nobody asks again on account of an agreement the ticket has nothing to do with.
    assert sla.rechoose(MONDAY + MINUTE) == 0
    cast.agreement.save()
    assert sla.rechoose(MONDAY + MINUTE) == 1
    assert clock_of(desk.ticket).reason == "organization Acme"


def test_ended_agreement_keeps_its_promises(cast, desk):
    cast.agreement.active = False
    cast.agreement.save()
    assert sla.rechoose(MONDAY + MINUTE) == 0
    assert clock_of(desk.ticket).due_at == at(3, 4, 10)


def test_edited_steps_and_name_are_no_other_target(cast, desk):
    cast.agreement.name = "Standard, renamed"
    cast.agreement.save()
    assert sla.rechoose(MONDAY + MINUTE) == 1
    clock = clock_of(desk.ticket)
    assert (clock.terms["name"], clock.target_version) == ("Standard, renamed", 1)
    assert told(desk.ticket) == [("", "terms")]


def counts_by_severity(agreement):
    agreement.target_key = Agreement.TargetKey.SEVERITY
    agreement.save()


def with_severity(cast, severity):
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY, "edit", {"severity": severity}))
    return ticket


def test_what_was_decided_keeps_the_scale_that_it_was_promised_by(cast):
    shorten(cast, resolution={2: 8, 3: 16})
    solved, missed = (with_severity(cast, 2) for _ticket in range(2))
    play(cast, solved, (MONDAY + ONE_HOUR, "resolve"))
    sla.tick(at(3, 5, 10))
    counts_by_severity(cast.agreement)
    assert clock_of(missed).outcome == Outcome.BREACHED
    sla.rechoose(at(3, 5, 11))
    names = [clock_of(ticket).level_text for ticket in (solved, missed)]
    assert names == ["P3 Moderate", "P3 Moderate"]
    # What the events say is the same.
    [(_ticket, found)] = sla.differences(Ticket.objects.filter(pk=solved.pk), at(3, 5, 12))
    assert found == []


def test_what_is_pending_is_promised_anew_by_the_other_scale(cast):
    shorten(cast, resolution={2: 8, 3: 16})
    ticket = with_severity(cast, 3)
    assert clock_of(ticket).level_text == "P3 Moderate"
    counts_by_severity(cast.agreement)
    sla.rechoose(MONDAY + MINUTE)
    clock = clock_of(ticket)
    assert (clock.target_key, clock.level_text) == ("severity", "sev3")
    # The same hours of another column: what it warns of is told anew.
    assert (clock.target_seconds, clock.target_version) == (16 * HOUR, 2)
    assert told(ticket)[-2:] == [("", "terms"), ("resolution", "retargeted")]


def test_clocks_computed_again_have_the_scale_of_their_time(cast):
    ticket = with_severity(cast, 3)
    play(cast, ticket, (MONDAY + ONE_HOUR, "resolve"))
    counts_by_severity(cast.agreement)
    SlaClock.objects.update(target_key="severity")
    [(_ticket, found)] = sla.differences(Ticket.objects.filter(pk=ticket.pk), MONDAY + ONE_HOUR)
    assert {(one.field, one.stored, one.computed) for one in found} == {
        ("target_key", "severity", "priority")
    }
    sla.rewrite(ticket)
    assert {clock.level_text for clock in ticket.clocks.all()} == {"P3 Moderate"}


def test_the_next_run_of_a_metric_keeps_the_scale_of_the_one_before(cast, promised):
    promised(resolution=16, update=4)
    counts_by_severity(cast.agreement)
    ticket = with_severity(cast, 3)
    play(cast, ticket, (MONDAY, "reply"), (MONDAY + ONE_HOUR, "reply"))
    runs = ticket.clocks.filter(metric=Metric.UPDATE)
    assert [run.level_text for run in runs] == ["sev3", "sev3"]


def test_metric_promised_by_an_edit_is_measured_from_the_receipt(cast, promised):
    promised(resolution=16)
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY + ONE_HOUR, "reply"))
    shorten(cast, resolution=16, first_response=2, next_response=2)
    sla.rechoose(MONDAY + 2 * ONE_HOUR)
    response = clock_of(ticket, Metric.FIRST_RESPONSE)
    assert (response.outcome, response.stopped_at) == (Outcome.MET, MONDAY + ONE_HOUR)
    assert clock_of(ticket, Metric.NEXT_RESPONSE).state == ClockState.NOT_STARTED


def test_next_run_of_a_metric_goes_by_the_edited_agreement(cast, promised):
    promised(resolution=16, update=4)
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY, "reply"))
    shorten(cast, resolution=16, update=2)
    sla.rechoose(MONDAY + MINUTE)
    assert clock_of(ticket, Metric.UPDATE).due_at == MONDAY + 2 * ONE_HOUR
    play(cast, ticket, (MONDAY + ONE_HOUR, "reply"))
    assert clock_of(ticket, Metric.UPDATE).due_at == MONDAY + 3 * ONE_HOUR


def test_solved_tickets_are_not_asked_again(cast, promised):
    """A next response that never had its occasion is undecided for ever."""
    promised(resolution=16, next_response=2)
    ticket = opened(cast, MONDAY)
    play(cast, ticket, (MONDAY + ONE_HOUR, "resolve"))
    assert clock_of(ticket, Metric.NEXT_RESPONSE).outcome == Outcome.PENDING
    shorten(cast, resolution=8, next_response=1)
    assert sla.rechoose(MONDAY + 2 * ONE_HOUR) == 0
    # Reopened, it goes on by what applies now.
    play(cast, ticket, (MONDAY + 3 * ONE_HOUR, "reopen"))
    assert clock_of(ticket).target_seconds == 8 * HOUR


def test_edited_agreement_with_a_team_moves_its_stay(cast):
    team = agree(cast, "Desk", kind="ola", team=cast.desk_team, promises={"ola_resolution": 6})
    ticket = opened(cast, MONDAY)
    promise(team, ola_resolution=3)
    team.save()
    assert sla.rechoose(MONDAY + MINUTE) == 1
    assert clock_of(ticket, Metric.OLA_RESOLUTION).due_at == MONDAY + timedelta(hours=3)
