"""Escalation steps (`SLA-23`, `SLA-24`); their instants are E46 and E47 in test_examples."""

from datetime import timedelta

import pytest
from django.db import connection

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.sla import actions as sla
from itil.sla.models import EscalationStep, Metric, SlaClock
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import MINUTE, SECOND, Verbs, clock_of, opened
from .stories import DAY_AND_NIGHT, OFFICE, Story, hours, promise, steps

MONDAY_NINE = at(3, 2, 9)


@pytest.fixture
def step(cast):
    """A function that adds a step to the default agreement."""

    def add(percent, action="notify_assignee", **fields):
        return EscalationStep.objects.create(
            agreement=cast.agreement, percent=percent, action=action, **fields
        )

    return add


@pytest.fixture
def eight_hours(cast, promised):
    """A function that opens a ticket on Monday at 09:00 that is to be resolved by 17:00."""
    promised(resolution=8)
    return lambda: Verbs(cast, opened(cast, MONDAY_NINE))


def fired(ticket) -> list[tuple]:
    """The steps that were told of: percent, action, when."""
    events = ticket.events.filter(data__what="escalated").order_by("pk")
    return [(event.data["percent"], event.data["action"], event.at) for event in events]


# --- Once ------------------------------------------------------------------------------------


def test_step_is_told_with_what_it_asks_for(cast, step, eight_hours):
    step(50, "hand_over", team=cast.network_team)
    desk = eight_hours()
    assert sla.tick(at(3, 2, 13, 1))["escalated"] == 1
    event = desk.ticket.events.get(data__what="escalated")
    assert (event.at, event.actor) == (at(3, 2, 13), None)
    assert event.data == {
        "metric": "resolution",
        "what": "escalated",
        "due_at": at(3, 2, 17).astimezone(MONDAY.tzinfo).isoformat(),
        "agreement": "Standard",
        "percent": 50,
        "action": "hand_over",
        "team": cast.network_team.pk,
        "noticed_at": at(3, 2, 13, 1).astimezone(MONDAY.tzinfo).isoformat(),
        "late": False,
    }


def test_job_run_twice_tells_each_step_once(step, eight_hours):
    step(50)
    desk = eight_hours()
    assert [sla.tick(at(3, 2, 13))["escalated"] for _run in range(2)] == [1, 0]
    assert sla.tick(at(3, 2, 14))["escalated"] == 0
    assert len(fired(desk.ticket)) == 1


def test_all_steps_of_one_share_are_told(step, eight_hours):
    step(50)
    step(50, "notify_lead")
    desk = eight_hours()
    sla.tick(at(3, 2, 13))
    assert fired(desk.ticket) == [
        (50, "notify_assignee", at(3, 2, 13)),
        (50, "notify_lead", at(3, 2, 13)),
    ]


def test_after_an_outage_only_the_highest_is_told_with_its_true_time(step, eight_hours):
    for percent in (50, 75, 90, 100):
        step(percent)
    desk = eight_hours()
    assert sla.tick(at(3, 2, 16, 30))["escalated"] == 1
    assert fired(desk.ticket) == [(90, "notify_assignee", at(3, 2, 16, 12))]
    event = desk.ticket.events.get(data__what="escalated")
    assert event.data["late"] is True
    # Those left out do not come later either.
    assert sla.tick(at(3, 2, 16, 40))["escalated"] == 0
    assert sla.tick(at(3, 2, 17))["escalated"] == 1


def test_every_metric_has_steps_of_its_own(cast, step, promised):
    promised(first_response=2, resolution=8)
    step(50, metric="resolution")
    ticket = opened(cast, MONDAY_NINE)
    assert clock_of(ticket, Metric.FIRST_RESPONSE).escalates_at is None
    assert clock_of(ticket).escalates_at == at(3, 2, 13)


# --- Not while it stands still ---------------------------------------------------------------


def test_no_step_fires_while_paused(step, eight_hours):
    step(50)
    desk = eight_hours()
    desk.hold(at(3, 2, 11))
    assert sla.tick(at(3, 3, 13))["escalated"] == 0
    desk.resume(at(3, 4, 10))
    assert sla.tick(at(3, 4, 12) - SECOND)["escalated"] == 0
    assert sla.tick(at(3, 4, 12))["escalated"] == 1


@pytest.mark.parametrize("end", ["resolve", "cancel"])
def test_no_step_fires_after_the_end(step, eight_hours, end):
    step(50)
    desk = eight_hours()
    getattr(desk, end)(at(3, 2, 11))
    assert sla.tick(at(3, 3, 13))["escalated"] == 0


def test_no_step_fires_for_what_was_left_out(cast, step, eight_hours):
    step(50)
    desk = eight_hours()
    sla.exclude(desk.ticket, reason="test", note="", by=cast.cleo, at=at(3, 2, 10))
    assert clock_of(desk.ticket).escalates_at is None
    assert sla.tick(at(3, 2, 13))["escalated"] == 0


def test_steps_go_on_after_a_breach(step, eight_hours):
    """A warning that waits for its calendar may come after the due time."""
    step(100)
    desk = eight_hours()
    assert sla.tick(at(3, 2, 17))["breached"] == 0
    assert fired(desk.ticket) == [(100, "notify_assignee", at(3, 2, 17))]
    assert sla.tick(at(3, 2, 17) + SECOND) == {"breached": 1, "at_risk": 0, "escalated": 0}


# --- Another target --------------------------------------------------------------------------


def test_another_target_warns_anew(step, cast, promised):
    promised(resolution={1: 4, 3: 8})
    step(50)
    desk = Verbs(cast, opened(cast, MONDAY_NINE, priority=1))
    assert sla.tick(at(3, 2, 11))["escalated"] == 1
    desk.prioritize(at(3, 2, 11, 30), 3)
    assert clock_of(desk.ticket).escalates_at == at(3, 2, 13)
    sla.tick(at(3, 2, 13))
    assert [at for _percent, _action, at in fired(desk.ticket)] == [at(3, 2, 11), at(3, 2, 13)]


def test_e42_a_late_raise_tells_the_highest_step_once_marked_late(step, cast, promised):
    promised(resolution={1: 4, 3: 16})
    for percent in (50, 75, 90, 100):
        step(percent)
    desk = Verbs(cast, opened(cast, at(3, 2, 9, 30)))
    desk.prioritize(at(3, 2, 15, 30), 1)
    assert sla.tick(at(3, 2, 15, 30)) == {"breached": 0, "at_risk": 0, "escalated": 1}
    assert fired(desk.ticket) == [(100, "notify_assignee", at(3, 2, 13, 30))]
    assert desk.ticket.events.get(data__what="escalated").data["late"] is True


def test_the_same_target_does_not_warn_again(step, cast, eight_hours):
    step(50)
    desk = eight_hours()
    sla.tick(at(3, 2, 13))
    cast.agreement.save()
    sla.rechoose(at(3, 2, 14))
    assert sla.tick(at(3, 2, 15))["escalated"] == 0
    assert len(fired(desk.ticket)) == 1


def test_reopened_clock_tells_only_what_it_has_not_told(step, eight_hours):
    step(50)
    step(75)
    desk = eight_hours()
    sla.tick(at(3, 2, 13))
    desk.resolve(at(3, 2, 14))
    desk.reopen(at(3, 3, 10))
    assert clock_of(desk.ticket).escalates_at == at(3, 3, 11)


# --- The warning's own calendar --------------------------------------------------------------


def test_step_at_night_waits_until_its_calendar_opens():
    warned = promise(resolution=hours(8, DAY_AND_NIGHT), steps=steps(50, 100))
    by_day = promise(resolution=hours(8, DAY_AND_NIGHT), steps=steps(50, 100, calendar=OFFICE))
    assert Story(at(3, 2, 22), warned).clock().escalates_at == at(3, 3, 2)
    assert Story(at(3, 2, 22), by_day).clock().escalates_at == at(3, 3, 9)
    # In the opening hours of the warning it does not wait.
    assert Story(at(3, 3, 9), by_day).clock().escalates_at == at(3, 3, 13)


def test_step_that_waited_is_told_when_its_calendar_opens(cast, step, promised):
    always = BusinessCalendar.objects.create(name="Always", always_open=True)
    by_day = BusinessCalendar.objects.create(name="Day", time_zone="Europe/Berlin")
    WeeklyOpening.objects.create(calendar=by_day, weekday=1, opens=480, closes=1200)
    promised(resolution=8)
    cast.agreement.targets.update(calendar=always)
    step(50, "notify_manager", calendar=by_day)
    step(75, "notify_assignee")
    ticket = opened(cast, at(3, 2, 22))
    assert sla.tick(at(3, 3, 4))["escalated"] == 1
    assert sla.tick(at(3, 3, 7, 59))["escalated"] == 0
    assert sla.tick(at(3, 3, 8))["escalated"] == 1
    assert fired(ticket) == [
        (75, "notify_assignee", at(3, 3, 4)),
        (50, "notify_manager", at(3, 3, 8)),
    ]
    last = ticket.events.filter(data__what="escalated").latest("pk")
    assert last.data["late"] is False


# --- Finding what is due ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "due"),
    [
        ("clock_falls_due", lambda: SlaClock.objects.falling_due(MONDAY).order_by("due_at")),
        (
            "clock_becomes_at_risk",
            lambda: SlaClock.objects.becoming_at_risk(MONDAY).order_by("at_risk_at"),
        ),
        ("clock_escalates", lambda: SlaClock.objects.escalating(MONDAY).order_by("escalates_at")),
        ("clock_pending_agreement", lambda: SlaClock.objects.promised_by_an_older_agreement()),
        ("clock_running_calendar", lambda: SlaClock.objects.counted_by_an_older_calendar()),
    ],
)
def test_what_is_due_is_found_by_its_index(cast, index, due):
    opened(cast, MONDAY)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # On a handful of rows reading all of them is cheaper than any index.
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert index in due().explain()


def test_a_step_costs_three_statements(step, eight_hours, django_assert_num_queries):
    step(50)
    eight_hours()
    # Three looks, then for each clock a line of history and its new state.
    with django_assert_num_queries(5):
        sla.tick(at(3, 2, 13) + MINUTE)


def test_step_due_on_the_minute_is_not_late(step, eight_hours):
    step(50)
    desk = eight_hours()
    sla.tick(at(3, 2, 13) + timedelta(minutes=5))
    assert desk.ticket.events.get(data__what="escalated").data["late"] is False
    desk.hold(at(3, 2, 14))
    assert clock_of(desk.ticket).escalated == ["50:notify_assignee:"]
