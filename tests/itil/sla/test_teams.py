"""Agreements between teams: a clock for the stays of each team (`SLA-1`, `SLA-2`, `SLA-20`)."""

import pytest

from itil.sla.models import Agreement, ClockState, Metric, Outcome
from tests.cast import HOUR, MONDAY
from tests.itil.calendars.calendars import at

from .stored import ONE_HOUR, Verbs, agree, clock_of, columns, opened
from .stories import DESK, MONDAY_TEN, NETWORK, P1, Story, promise


def stay(team: int, hours: float = 6, **rules):
    return promise(kind="ola", agreement=10 + team, team=team, ola_resolution=hours, **rules)


def of_team(story: Story, team: int):
    (clock,) = [one for one in story.clocks(Metric.OLA_RESOLUTION) if one.team_id == team]
    return clock


def test_the_first_team_is_measured_from_the_receipt_on():
    clock = of_team(Story(MONDAY_TEN, stay(DESK), team=DESK), DESK)
    assert (clock.started_at, clock.due_at) == (MONDAY_TEN, at(3, 2, 16))


def test_leaving_ends_a_stay_and_begins_that_of_the_next_team():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK, stay(NETWORK))
    left, now = of_team(story, DESK), of_team(story, NETWORK)
    assert (left.state, left.outcome, left.elapsed_seconds) == ("stopped", Outcome.MET, 2 * HOUR)
    assert (now.started_at, now.due_at) == (at(3, 2, 12), at(3, 3, 10))


def test_team_without_an_agreement_is_not_measured():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK).hand_over(at(3, 2, 12), NETWORK)
    assert [clock.team_id for clock in story.clocks(Metric.OLA_RESOLUTION)] == [DESK]


def test_returning_team_goes_on_with_what_it_had_left():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK, stay(NETWORK)).hand_over(at(3, 3, 9), DESK, stay(DESK))
    clock = of_team(story, DESK)
    assert (clock.outcome, clock.due_at) == (Outcome.PENDING, at(3, 3, 13))


def test_returning_team_that_was_late_stays_late():
    story = Story(MONDAY_TEN, stay(DESK, 1), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK).hand_over(at(3, 3, 9), DESK, stay(DESK, 1))
    clock = of_team(story, DESK)
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 11))


def test_returning_team_goes_by_what_is_promised_then():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK)
    story.hand_over(at(3, 3, 9), DESK, stay(DESK, 3, priority=P1))
    assert of_team(story, DESK).due_at == at(3, 3, 10)


def test_stay_begun_during_a_wait_stands_still():
    story = Story(MONDAY_TEN, team=DESK).hold(at(3, 2, 11))
    story.hand_over(at(3, 2, 12), NETWORK, stay(NETWORK))
    assert of_team(story, NETWORK).state == ClockState.PAUSED
    assert of_team(story.resume(at(3, 2, 14)), NETWORK).due_at == at(3, 3, 12)


def test_resolving_ends_the_stay_and_reopening_resumes_that_of_the_present_team():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK, stay(NETWORK)).resolve(at(3, 2, 13))
    assert of_team(story, NETWORK).state == ClockState.STOPPED
    story.reopen(at(3, 3, 9))
    assert of_team(story, NETWORK).due_at == at(3, 3, 14)
    assert of_team(story, DESK).state == ClockState.STOPPED


def test_priority_moves_the_stay_of_the_present_team_only():
    story = Story(MONDAY_TEN, stay(DESK), team=DESK)
    story.hand_over(at(3, 2, 12), NETWORK, stay(NETWORK))
    story.edit(at(3, 2, 13), stay(NETWORK, 2, priority=P1))
    assert of_team(story, NETWORK).due_at == at(3, 2, 14)
    assert of_team(story, DESK).target_seconds == 6 * HOUR


# --- With the verbs of the desk --------------------------------------------------------------


@pytest.fixture
def teams(cast):
    """Both teams have an agreement; a function that opens a ticket then."""
    agree(cast, "Desk", kind=Agreement.Kind.OLA, team=cast.desk_team)
    agree(cast, "Network", kind=Agreement.Kind.OLA, team=cast.network_team)
    return lambda **changes: Verbs(cast, opened(cast, MONDAY, **changes))


def test_handing_over_leaves_the_promise_to_the_customer_alone(cast, teams):
    desk = teams()
    before = list(desk.ticket.clocks.exclude(metric=Metric.OLA_RESOLUTION).values())
    desk.hand_over(MONDAY + ONE_HOUR, cast.network_team)
    after = list(desk.ticket.clocks.exclude(metric=Metric.OLA_RESOLUTION).values())
    assert after == before
    stays = desk.ticket.clocks.filter(metric=Metric.OLA_RESOLUTION).order_by("pk")
    assert list(stays.values_list("team", "state")) == [
        (cast.desk_team.pk, "stopped"),
        (cast.network_team.pk, "running"),
    ]


def test_late_team_is_no_missed_promise_to_the_customer(cast, teams):
    desk = teams()
    desk.reply(MONDAY)
    desk.hand_over(at(3, 3, 12), cast.network_team)
    clock = clock_of(desk.ticket, Metric.OLA_RESOLUTION, team=cast.desk_team)
    assert clock.outcome == Outcome.BREACHED
    # Neither the flag nor the due time of the ticket, though the team's is nearer.
    assert columns(desk.ticket)[::2] == (at(3, 4, 10), False)


def test_ticket_without_a_team_is_measured_when_it_gets_one(cast, teams):
    desk = teams(team=None)
    assert not desk.ticket.clocks.filter(metric=Metric.OLA_RESOLUTION).exists()
    desk.take(MONDAY + ONE_HOUR)
    clock = clock_of(desk.ticket, Metric.OLA_RESOLUTION)
    assert (clock.team, clock.started_at) == (cast.desk_team, MONDAY + ONE_HOUR)
