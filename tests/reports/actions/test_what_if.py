"""What-if over stored tickets, as the verbs of the desk left them."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import Agreement, Form, Metric, ServiceTarget, SlaClock
from itil.tickets.models import Ticket
from reports.actions.questions import Question
from reports.actions.what_if import answer
from reports.metrics.period import Period
from tests import make
from tests.cast import HOUR, MONDAY
from tests.itil.sla.stories import DAY_AND_NIGHT

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")
LATER = MONDAY + timedelta(days=60)
RESOLUTION = str(Metric.RESOLUTION)
# Ann's incidents are P4: resolution within 24 hours of the office, which is three days.
P4 = 4
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def slow(cast):
    """Resolved on Wednesday at 10:00, after 16 of its 24 hours."""
    return make.resolved_incident(cast, at=MONDAY + 2 * DAY)


def asked(now=LATER, **tried):
    return answer(Question(MARCH, **tried), now=now)


def resolution(found):
    """(met, missed, pending, left out) of resolutions before and after."""
    one = found.by_metric[RESOLUTION]
    return tuple(
        (half.met, half.breached, half.pending, half.excluded) for half in (one.before, one.after)
    )


def test_without_a_change_everything_is_as_it_is(slow, cast):
    make.resolved_incident(cast, at=MONDAY + 10 * DAY)
    make.incident(cast)
    found = asked(now=MONDAY + DAY)
    assert resolution(found) == ((1, 1, 1, 0), (1, 1, 1, 0))
    assert (found.clocks, len(found.sides), found.left_as_they_are) == (9, 0, 0)


def test_a_shorter_target_would_have_been_missed(slow):
    found = asked(targets={(RESOLUTION, P4): 15 * HOUR})
    assert resolution(found) == ((1, 0, 0, 0), (0, 1, 0, 0))
    (side,) = found.sides
    assert (side.ticket, side.before, side.after) == (slow.pk, "met", "breached")
    assert side.due_before == MONDAY + 3 * DAY
    assert side.due_after == MONDAY + DAY + timedelta(hours=7)
    assert side.ended_at == MONDAY + 2 * DAY


def test_used_up_at_the_very_moment_of_the_resolution_is_kept(slow):
    assert len(asked(targets={(RESOLUTION, P4): 16 * HOUR}).sides) == 0
    assert len(asked(targets={(RESOLUTION, P4): 16 * HOUR - 1}).sides) == 1


def test_targets_of_other_priorities_touch_nothing(slow):
    assert len(asked(targets={(RESOLUTION, 1): 1}).sides) == 0


def test_other_hours_count_for_all_clocks(slow):
    found = asked(schedule=DAY_AND_NIGHT.schedule())
    assert resolution(found) == ((1, 0, 0, 0), (0, 1, 0, 0))


def test_an_overdue_ticket_nobody_looked_at_is_missed_before_and_pending_after(cast):
    make.incident(cast)
    found = asked(now=MONDAY + 4 * DAY, targets={(RESOLUTION, P4): 400 * HOUR})
    assert resolution(found) == ((0, 1, 0, 0), (0, 0, 1, 0))
    assert [side.metric for side in found.sides.better] == [RESOLUTION]
    assert len(found.sides.worse) == 0


@pytest.fixture
def held(cast):
    """Waits for parts from Monday 11:00 to Thursday 11:00, which pauses nothing; then solved."""
    ticket = make.taken_incident(cast)
    desk.move(
        ticket, "hold", by=cast.bo,
        values={"hold_reason": "awaiting_parts", "reference": "A hinge"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    desk.move(ticket, "resume", by=cast.bo, at=MONDAY + 3 * DAY + timedelta(hours=1))
    return desk.move(
        ticket, "resolve", by=cast.bo, values={"resolution_code": "fixed", "note": "Done."},
        at=MONDAY + 3 * DAY + timedelta(hours=2),
    )  # fmt: skip


def test_a_wait_that_pauses_would_have_saved_the_promise(held):
    assert resolution(asked())[0] == (0, 1, 0, 0)
    found = asked(pausing=frozenset({"awaiting_parts"}))
    assert resolution(found)[1] == (1, 0, 0, 0)
    assert found.by_metric[str(Metric.ACKNOWLEDGE)].better == 0


def test_a_wait_that_does_not_pause_would_have_broken_it(cast):
    ticket = make.taken_incident(cast)
    desk.move(
        ticket, "hold", by=cast.bo,
        values={"hold_reason": "awaiting_requester", "note": "Which one?"},
        at=MONDAY + timedelta(hours=1),
    )  # fmt: skip
    desk.move(
        ticket, "resolve", by=cast.bo, values={"resolution_code": "fixed", "note": "Done."},
        at=MONDAY + 10 * DAY,
    )  # fmt: skip
    assert resolution(asked(pausing=frozenset({"awaiting_requester"})))[1] == (1, 0, 0, 0)
    found = asked(pausing=frozenset())
    assert resolution(found) == ((1, 0, 0, 0), (0, 1, 0, 0))


def test_a_raised_priority_counts_from_when_it_was_raised(cast):
    """P4 for six hours, P1 then; what a P4 target had missed by then stays missed."""
    ticket = make.taken_incident(cast)
    desk.edit(
        ticket, by=cast.bo, version=ticket.version, changes={"impact": 1, "urgency": 1},
        at=MONDAY + timedelta(hours=6),
    )  # fmt: skip
    desk.move(
        ticket, "resolve", by=cast.bo, values={"resolution_code": "fixed", "note": "Done."},
        at=MONDAY + timedelta(hours=6, minutes=30),
    )  # fmt: skip
    assert resolution(asked())[0] == (0, 1, 0, 0)
    assert resolution(asked(targets={(RESOLUTION, 1): 8 * HOUR}))[1] == (1, 0, 0, 0)
    both = {(RESOLUTION, 1): 8 * HOUR, (RESOLUTION, P4): 5 * HOUR}
    assert resolution(asked(targets=both))[1] == (0, 1, 0, 0)


def test_excluded_and_cancelled_ones_stay_so(slow, cast):
    sla.exclude(slow, reason="spam", note="", by=cast.cleo, at=MONDAY + 2 * DAY)
    cancelled = make.taken_incident(cast)
    desk.move(cancelled, "cancel", by=cast.bo, values={"cancel_reason": "withdrawn"}, at=MONDAY)
    found = asked(targets={(RESOLUTION, P4): 1})
    assert resolution(found) == ((0, 0, 0, 2), (0, 0, 0, 2))
    assert found.left_as_they_are == 0


def test_other_forms_of_targets_are_left_as_they_are(cast):
    ServiceTarget.objects.filter(metric=Metric.RESOLUTION).update(
        form=Form.BUSINESS_DAYS, days=1, seconds=None
    )
    make.resolved_incident(cast, at=MONDAY + 10 * DAY)
    found = asked(targets={(RESOLUTION, P4): 500 * HOUR})
    assert resolution(found) == ((0, 1, 0, 0), (0, 1, 0, 0))
    assert found.left_as_they_are == 1


def test_hours_that_nobody_kept_are_left_as_they_are_unless_others_are_tried(slow):
    clocks = SlaClock.objects.filter(metric=Metric.RESOLUTION)
    clocks.update(calendar_edition="00000000-0000-0000-0000-000000000001")
    found = asked(targets={(RESOLUTION, P4): 1})
    assert (resolution(found)[1], found.left_as_they_are) == ((1, 0, 0, 0), 1)
    tried = asked(targets={(RESOLUTION, P4): 1}, schedule=DAY_AND_NIGHT.schedule())
    assert (resolution(tried)[1], tried.left_as_they_are) == ((0, 1, 0, 0), 0)


def test_filters_leave_the_clocks_of_others_alone(slow, cast):
    make.incident(cast, requester=cast.dov, by=cast.dov)
    tried = {"targets": {(RESOLUTION, P4): HOUR}}
    assert {side.ticket for side in asked(**tried).sides} == {slow.pk}
    assert asked(**tried).clocks == 6
    only = asked(organization=cast.globex.pk, **tried)
    assert ({side.ticket for side in only.sides}, only.clocks) == (set(), 3)
    assert asked(team=cast.network_team.pk, **tried).clocks == 0
    assert asked(team=cast.desk_team.pk, **tried).clocks == 6
    assert asked(priorities=frozenset({1}), **tried).clocks == 0
    assert asked(agreement=cast.agreement.pk, **tried).clocks == 6
    other = Agreement.objects.create(name="Other", calendar=cast.calendar)
    assert asked(agreement=other.pk, **tried).clocks == 0


def test_the_team_is_the_one_that_resolved_the_ticket(slow, cast):
    Ticket.objects.filter(pk=slow.pk).update(team=cast.network_team, reassignment_count=1)
    slow.events.create(
        kind="assigned",
        at=MONDAY + 3 * DAY,
        data={"what": "team", "from": cast.desk_team.pk, "to": cast.network_team.pk},
    )
    assert (RESOLUTION, cast.desk_team.pk) in asked().by_team


def test_tickets_of_other_days_and_confidential_ones_are_not_looked_at(cast):
    make.resolved_incident(cast, at=MONDAY + DAY, is_confidential=True)
    before = MONDAY - 30 * DAY
    make.incident(cast, at=before)
    assert asked().clocks == 0


def test_the_usual_targets_are_told(slow):
    usual = asked().usual[RESOLUTION, P4]
    assert (usual.seconds, usual.is_only) == (24 * HOUR, True)


def test_the_next_question_reads_no_clock(slow, django_assert_num_queries):
    asked(pausing=frozenset())
    with django_assert_num_queries(0):
        found = asked(targets={(RESOLUTION, P4): HOUR}, pausing=frozenset())
    assert len(found.sides) == 1


def test_the_number_of_queries_does_not_grow_with_the_tickets(
    cast, slow, django_assert_max_num_queries
):
    for _number in range(3):
        make.resolved_incident(cast, at=MONDAY + DAY)
    with django_assert_max_num_queries(6):
        asked(pausing=frozenset())
