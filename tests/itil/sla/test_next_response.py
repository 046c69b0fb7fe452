"""Answers to later messages, and regular updates: a clock for each occasion (`SLA-2`)."""

import pytest

from itil.desk import actions as desk
from itil.sla.models import ClockState, Metric, Outcome
from itil.tickets.models import Channel
from tests.itil.calendars.calendars import at

from .stored import clock_of, opened, play
from .stories import MONDAY_TEN, Story, promise

NEXT = promise(next_response=2)
UPDATES = promise(update=4)


def runs(story: Story, metric: str) -> list[tuple]:
    """When each run began and ended, and how."""
    return [(clock.started_at, clock.stopped_at, clock.outcome) for clock in story.clocks(metric)]


# --- Next response ---------------------------------------------------------------------------


def test_message_before_the_first_answer_begins_no_next_response():
    story = Story(MONDAY_TEN, NEXT).comment(at(3, 2, 11))
    assert story.clock(Metric.NEXT_RESPONSE).state == ClockState.NOT_STARTED


def test_first_message_after_an_answer_begins_one():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).comment(at(3, 2, 12))
    assert story.clock(Metric.NEXT_RESPONSE).due_at == at(3, 2, 14)


def test_automatic_message_begins_none():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).comment(at(3, 2, 12), automatic=True)
    assert story.clock(Metric.NEXT_RESPONSE).state == ClockState.NOT_STARTED


def test_message_of_another_participant_begins_none():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11))
    story.comment(at(3, 2, 12), by_requester=False)
    assert story.clock(Metric.NEXT_RESPONSE).state == ClockState.NOT_STARTED
    story.comment(at(3, 2, 13))
    assert story.clock(Metric.NEXT_RESPONSE).due_at == at(3, 2, 15)


def test_every_cycle_has_a_clock_of_its_own():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 10, 30))
    story.comment(at(3, 2, 11)).comment(at(3, 2, 11, 30)).reply(at(3, 2, 12))
    story.reply(at(3, 2, 12, 30))
    story.comment(at(3, 2, 13)).reply(at(3, 2, 16))
    assert runs(story, Metric.NEXT_RESPONSE) == [
        (at(3, 2, 11), at(3, 2, 12), Outcome.MET),
        (at(3, 2, 13), at(3, 2, 16), Outcome.BREACHED),
    ]
    assert [clock.cycle for clock in story.clocks(Metric.NEXT_RESPONSE)] == [1, 2]


def test_internal_note_answers_no_message():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).comment(at(3, 2, 12))
    story.tell("noted", at(3, 2, 13))
    assert story.clock(Metric.NEXT_RESPONSE).state == ClockState.RUNNING


def test_resolving_answers_the_message():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).comment(at(3, 2, 12))
    clock = story.resolve(at(3, 2, 13)).clock(Metric.NEXT_RESPONSE)
    assert (clock.state, clock.outcome) == (ClockState.STOPPED, Outcome.MET)


def test_it_pauses_with_the_ticket():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).comment(at(3, 2, 12))
    story.hold(at(3, 2, 13)).resume(at(3, 2, 15))
    assert story.clock(Metric.NEXT_RESPONSE).due_at == at(3, 2, 16)


def test_ticket_opened_in_a_conversation_waits_for_the_next_message():
    story = Story(MONDAY_TEN, NEXT, live=True).comment(at(3, 2, 12))
    assert story.clock(Metric.NEXT_RESPONSE).due_at == at(3, 2, 14)


@pytest.mark.parametrize(("author", "begins"), [("ann", True), ("mia", True), ("dov", False)])
def test_only_the_requester_or_whom_it_is_for_begins_one(cast, promised, author, begins):
    promised(next_response=2)
    ticket = opened(cast, MONDAY_TEN, requested_for=cast.mia)
    play(cast, ticket, (at(3, 2, 11), "reply"))
    by = getattr(cast, author)
    desk.comment(ticket, by=by, text="Any news?", channel=Channel.MAIL, at=at(3, 2, 12))
    assert (clock_of(ticket, Metric.NEXT_RESPONSE).state == ClockState.RUNNING) is begins


def test_message_that_reopens_begins_a_next_response(cast, promised):
    promised(next_response=2, resolution=8)
    ticket = opened(cast, at(3, 2, 10))
    play(cast, ticket, (at(3, 2, 11), "resolve"), (at(3, 2, 12), "mail"))
    assert clock_of(ticket, Metric.NEXT_RESPONSE).due_at == at(3, 2, 14)
    assert clock_of(ticket).state == ClockState.RUNNING


def test_the_requesters_own_reopening_begins_a_next_response():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).resolve(at(3, 2, 12))
    story.reopen(at(3, 2, 13), side="requester", said="public")
    assert story.clock(Metric.NEXT_RESPONSE).due_at == at(3, 2, 15)


def test_an_agents_reopening_begins_none():
    story = Story(MONDAY_TEN, NEXT).reply(at(3, 2, 11)).resolve(at(3, 2, 12))
    story.reopen(at(3, 2, 13), said="internal")
    assert story.clock(Metric.NEXT_RESPONSE).state == ClockState.NOT_STARTED


# --- Regular updates -------------------------------------------------------------------------


def test_the_first_update_is_due_from_the_acknowledgement_on():
    story = Story(MONDAY_TEN, UPDATES)
    assert story.clock(Metric.UPDATE).state == ClockState.NOT_STARTED
    assert story.take(at(3, 2, 11)).clock(Metric.UPDATE).due_at == at(3, 2, 15)


def test_taking_it_again_does_not_begin_another_interval():
    story = Story(MONDAY_TEN, UPDATES).take(at(3, 2, 11)).take(at(3, 2, 12))
    assert story.clock(Metric.UPDATE).due_at == at(3, 2, 15)


def test_every_public_message_ends_an_interval_and_begins_the_next():
    story = Story(MONDAY_TEN, UPDATES).take(at(3, 2, 10)).reply(at(3, 2, 11))
    story.reply(at(3, 2, 16)).resolve(at(3, 3, 10))
    assert runs(story, Metric.UPDATE) == [
        (at(3, 2, 10), at(3, 2, 11), Outcome.MET),
        (at(3, 2, 11), at(3, 2, 16), Outcome.BREACHED),
        (at(3, 2, 16), at(3, 3, 10), Outcome.MET),
    ]


def test_an_answer_that_acknowledges_begins_the_first_interval():
    story = Story(MONDAY_TEN, UPDATES).reply(at(3, 2, 11))
    assert runs(story, Metric.UPDATE) == [(at(3, 2, 11), None, Outcome.PENDING)]


def test_a_conversation_begins_the_first_interval():
    story = Story(MONDAY_TEN, UPDATES, live=True)
    assert story.clock(Metric.UPDATE).due_at == at(3, 2, 14)


def test_internal_note_is_no_update():
    story = Story(MONDAY_TEN, UPDATES).take(at(3, 2, 10)).tell("noted", at(3, 2, 11))
    assert runs(story, Metric.UPDATE) == [(at(3, 2, 10), None, Outcome.PENDING)]


def test_a_question_is_an_update_and_the_next_one_waits_with_the_ticket():
    story = Story(MONDAY_TEN, UPDATES).take(at(3, 2, 10))
    story.hold(at(3, 2, 11), "awaiting_requester", said="public")
    assert story.clocks(Metric.UPDATE)[0].stopped_at == at(3, 2, 11)
    assert story.clock(Metric.UPDATE).state == ClockState.PAUSED
    assert story.resume(at(3, 2, 12)).clock(Metric.UPDATE).due_at == at(3, 2, 16)


def test_updates_end_with_the_resolution_and_begin_again_with_a_reopening():
    story = Story(MONDAY_TEN, UPDATES).take(at(3, 2, 10)).resolve(at(3, 2, 11))
    assert runs(story, Metric.UPDATE) == [(at(3, 2, 10), at(3, 2, 11), Outcome.MET)]
    story.reopen(at(3, 3, 10))
    assert runs(story, Metric.UPDATE)[1:] == [(at(3, 3, 10), None, Outcome.PENDING)]
