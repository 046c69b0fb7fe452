"""A reopened ticket (`SLA-19`)."""

import pytest

from itil.sla.models import ClockState, Metric, Outcome
from tests.itil.calendars.calendars import HOUR, at

from .stored import MINUTE, clock_of, columns, opened, play
from .stories import Story, promise

NINE = at(3, 2, 9)


def met(**rules) -> Story:
    """Resolved on Monday at 14:00 with five of eight hours used."""
    return Story(NINE, promise(resolution=8, **rules)).resolve(at(3, 2, 14))


def test_met_outcome_is_pending_again():
    assert (met().clock().outcome, met().clock().elapsed_seconds) == (Outcome.MET, 5 * HOUR)
    clock = met().reopen(at(3, 4, 10)).clock()
    assert (clock.outcome, clock.outcome_at, clock.stopped_at) == (Outcome.PENDING, None, None)


def test_missed_outcome_stays_missed():
    story = Story(NINE, promise(resolution=4)).resolve(at(3, 2, 14))
    clock = story.reopen(at(3, 3, 9)).resolve(at(3, 3, 10)).clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 13))


def test_every_gap_is_left_out():
    story = met().reopen(at(3, 4, 10)).resolve(at(3, 4, 11)).reopen(at(3, 5, 9))
    assert story.clock().due_at == at(3, 5, 11)
    assert len(story.clocks()) == 1


def test_resumed_clock_may_be_missed_in_the_later_period():
    clock = met().reopen(at(3, 4, 10)).resolve(at(3, 4, 14)).clock()
    assert (clock.outcome, clock.outcome_at) == (Outcome.BREACHED, at(3, 4, 13))


def test_gap_counts_when_the_agreement_says_so():
    clock = met(reopen="count_gap").reopen(at(3, 2, 15)).clock()
    assert (clock.due_at, clock.outcome) == (at(3, 2, 17), Outcome.PENDING)
    assert clock.elapsed_at(at(3, 2, 16)) == 7 * HOUR


def test_counted_gap_that_is_too_long_was_missed_within_it():
    clock = met(reopen="count_gap").reopen(at(3, 4, 10)).clock()
    assert (clock.outcome, clock.breached_at) == (Outcome.BREACHED, at(3, 2, 17))


def test_restart_begins_anew_and_keeps_the_first_run():
    story = met(reopen="restart").reopen(at(3, 4, 10))
    first, second = story.clocks()
    assert (first.state, first.outcome) == (ClockState.STOPPED, Outcome.MET)
    assert (second.cycle, second.started_at, second.due_at) == (2, at(3, 4, 10), at(3, 5, 10))
    third = story.resolve(at(3, 4, 11)).reopen(at(3, 5, 9)).clock()
    assert (third.cycle, third.due_at, len(story.clocks())) == (3, at(3, 5, 17), 3)


@pytest.mark.parametrize("metric", [Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE])
def test_an_answer_once_given_stays_given(metric):
    story = Story(NINE, promise(**{metric: 4})).reply(at(3, 2, 10)).resolve(at(3, 2, 11))
    clock = story.reopen(at(3, 3, 9)).clock(metric)
    assert (clock.state, clock.outcome) == (ClockState.STOPPED, Outcome.MET)


def test_fulfilment_resumes_as_well():
    story = Story(NINE, promise(fulfilment=8))
    story.move(NINE, "decided", "open", marks="approved")
    story.resolve(at(3, 2, 14)).reopen(at(3, 4, 10))
    assert story.clock(Metric.FULFILMENT).due_at == at(3, 4, 13)


def test_wait_after_a_reopening_pauses_it_again():
    story = met().reopen(at(3, 4, 10)).hold(at(3, 4, 11)).resume(at(3, 4, 12))
    assert story.clock().due_at == at(3, 4, 14)


# --- With the verbs of the desk --------------------------------------------------------------


def test_reopening_resumes_the_resolution_clock_only(desk):
    desk.resolve(at(3, 2, 10, 30))
    assert columns(desk.ticket) == (None, None, False)
    desk.reopen(at(3, 3, 10))
    states = desk.ticket.clocks.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["stopped", "stopped", "running"]
    assert columns(desk.ticket)[0] == at(3, 5, 9, 30)


def test_message_by_mail_reopens_when_the_mail_server_had_it(desk):
    desk.resolve(at(3, 2, 10, 30))
    desk.mail(at(3, 3, 9) + 5 * MINUTE)
    assert clock_of(desk.ticket).stretches()[-1] == (at(3, 3, 9, 5), None)


def test_closing_a_resolved_ticket_changes_no_clock(cast, desk):
    desk.resolve(at(3, 2, 10, 30))
    before = list(desk.ticket.clocks.values())
    play(cast, desk.ticket, (at(3, 9, 10), "close"))
    assert list(desk.ticket.clocks.values()) == before


def test_what_was_changed_while_it_was_resolved_counts_after_reopening(cast, promised):
    promised(resolution={1: 4, 3: 16})
    ticket = opened(cast, NINE)
    play(
        cast,
        ticket,
        (at(3, 2, 10), "resolve"),
        (at(3, 2, 11), "prioritize", 1),
        (at(3, 2, 12), "reopen"),
    )
    clock = clock_of(ticket)
    assert (clock.priority, clock.due_at) == (1, at(3, 2, 15))
