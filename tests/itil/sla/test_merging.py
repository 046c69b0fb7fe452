"""Tickets merged and split (`SLA-21`); E54 is in test_examples."""

import pytest

from itil.desk import actions as desk
from itil.sla import actions as sla
from itil.sla.models import ClockState, Exclusion, Metric, Outcome
from tests.cast import MONDAY
from tests.itil.calendars.calendars import at

from .stored import ONE_HOUR, clock_of, columns, opened, play
from .stories import MONDAY_TEN, Story, promise


def absorbed(story: Story, when, received_at, answered_at=None) -> Story:
    return story.clock_told(
        when,
        "absorbed",
        received_at=received_at.isoformat(),
        answered_at=answered_at and answered_at.isoformat(),
    )


# --- The survivor ----------------------------------------------------------------------------


def test_later_receipt_changes_nothing():
    story = Story(MONDAY_TEN, promise(resolution=8))
    assert absorbed(story, at(3, 3, 9), at(3, 2, 15)).clock().due_at == at(3, 3, 10)


def test_earlier_receipt_may_show_that_it_was_missed():
    story = Story(at(3, 3, 9), promise(resolution=4))
    clock = absorbed(story, at(3, 3, 11), MONDAY_TEN).clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 14))


def test_pauses_of_the_survivor_are_kept():
    story = Story(at(3, 3, 9), promise(resolution=16)).hold(at(3, 3, 10)).resume(at(3, 3, 12))
    assert absorbed(story, at(3, 3, 13), MONDAY_TEN).clock().due_at == at(3, 4, 12)


def test_survivor_that_waited_from_its_first_second_on_keeps_the_earlier_time():
    story = Story(at(3, 3, 9), promise(resolution=16)).hold(at(3, 3, 9))
    clock = absorbed(story, at(3, 3, 13), MONDAY_TEN).resume(at(3, 4, 9)).clock()
    # Seven hours of Monday are used up.
    assert clock.due_at == at(3, 5, 10)


def test_decided_clocks_keep_what_they_have():
    story = Story(at(3, 3, 9), promise(resolution=16, first_response=2)).reply(at(3, 3, 10))
    response = absorbed(story, at(3, 3, 13), MONDAY_TEN).clock(Metric.FIRST_RESPONSE)
    assert (response.started_at, response.outcome) == (at(3, 3, 9), Outcome.MET)


def test_answer_to_the_absorbed_ticket_counts_as_the_first_response():
    story = Story(at(3, 2, 11), promise(acknowledge=1, first_response=2, update=4))
    absorbed(story, at(3, 2, 12), MONDAY_TEN, answered_at=at(3, 2, 11, 30))
    for metric in (Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE):
        assert story.clock(metric).stopped_at == at(3, 2, 11, 30)
    assert story.clock(Metric.FIRST_RESPONSE).outcome == Outcome.MET
    assert story.clock(Metric.UPDATE).due_at == at(3, 2, 15, 30)


def test_answer_before_the_survivor_was_received_counts_too():
    story = Story(at(3, 3, 9), promise(first_response=2))
    absorbed(story, at(3, 3, 10), MONDAY_TEN, answered_at=at(3, 2, 11))
    response = story.clock(Metric.FIRST_RESPONSE)
    assert (response.stopped_at, response.outcome) == (at(3, 2, 11), Outcome.MET)


# --- With the verbs of the desk --------------------------------------------------------------


@pytest.fixture
def pair(cast):
    """The older ticket of Monday 10:00, answered at 11:00, and the younger one of 12:00."""
    older = opened(cast, MONDAY)
    play(cast, older, (MONDAY + ONE_HOUR, "reply"))
    return older, opened(cast, MONDAY + 2 * ONE_HOUR)


def test_absorbed_ticket_is_excluded_and_its_times_go_on_with_the_other(cast, pair):
    older, younger = pair
    desk.merge(older, younger, by=cast.bo, at=MONDAY + 3 * ONE_HOUR)
    assert set(older.clocks.values_list("state", "outcome", "exclusion")) == {
        (ClockState.CANCELLED, Outcome.EXCLUDED, Exclusion.MERGED)
    }
    assert columns(older) == (None, None, False)
    assert columns(younger) == (at(3, 4, 10), at(3, 3, 14), False)
    younger.refresh_from_db()
    assert younger.first_response_at == MONDAY + ONE_HOUR


def test_next_message_after_a_merge_waits_for_its_answer(cast, promised):
    promised(first_response=2, next_response=2, resolution=16)
    older, younger = opened(cast, MONDAY), opened(cast, MONDAY + 2 * ONE_HOUR)
    play(cast, older, (MONDAY + ONE_HOUR, "reply"))
    desk.merge(older, younger, by=cast.bo, at=MONDAY + 3 * ONE_HOUR)
    play(cast, younger, (MONDAY + 4 * ONE_HOUR, "comment"))
    assert clock_of(younger, Metric.NEXT_RESPONSE).due_at == MONDAY + 6 * ONE_HOUR


def test_the_earliest_receipt_counts_along_a_chain_of_merges(cast):
    first, second, third = (opened(cast, MONDAY + n * ONE_HOUR) for n in range(3))
    desk.merge(first, second, by=cast.bo, at=MONDAY + 3 * ONE_HOUR)
    desk.merge(second, third, by=cast.bo, at=MONDAY + 4 * ONE_HOUR)
    assert clock_of(third).started_at == MONDAY


def test_ticket_of_another_organization_is_not_counted_together(cast, pair):
    older, _younger = pair
    strange = opened(cast, MONDAY + 2 * ONE_HOUR, requester=cast.dov, by=cast.dov)
    before = list(strange.clocks.values())
    sla.absorb(strange, older, at=MONDAY + 3 * ONE_HOUR)
    assert list(strange.clocks.values()) == before
    assert not strange.events.filter(kind="clock").exists()


def test_split_ticket_is_measured_from_the_receipt_of_its_message(cast, pair):
    _older, younger = pair
    message = desk.comment(
        younger, by=cast.ann, text="And the printer is empty.", at=MONDAY + 3 * ONE_HOUR
    )
    opened_anew = desk.split(
        younger, message, by=cast.bo, title="Printer", at=MONDAY + 5 * ONE_HOUR
    )
    assert clock_of(opened_anew).started_at == MONDAY + 3 * ONE_HOUR
