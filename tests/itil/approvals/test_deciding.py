"""Voting, taking back, asking first, and who may not (`APP-4` to `APP-6`)."""

from datetime import timedelta

import pytest

from itil.approvals import actions
from itil.approvals.models import ApprovalProcess, Vote
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .people import (
    DAY,
    HOUR,
    begun,
    colleagues,
    give,
    happened,
    last_event,
    manager_policy,
    policy,
    stand_in,
    state_of,
    team_of,
    vote_of,
)


@pytest.fixture
def process(house):
    """Max is asked on Monday."""
    return begun(house, manager_policy())


def board(house, *names, **rule):
    """A process that a board decides."""
    members = colleagues(house.cast, *names)
    step = {"source": "team", "team": team_of(*members), "rule": "all", **rule}
    return begun(house, policy(step)), members


def as_stored(process):
    return list(
        Vote.objects.filter(step__process=process).values_list("voter", "state", "round", "reason")
    ), TicketEvent.objects.filter(kind="approval").count()


def refused(process, vote, decision="approved", *, by, error=NotAllowed, at=MONDAY + HOUR):
    """The sentence of a refusal that changed nothing."""
    before = as_stored(process)
    with pytest.raises(error) as refusal:
        actions.vote(vote, decision, by=by, reason="Because.", at=at)
    assert as_stored(process) == before
    return str(refusal.value)


def test_a_vote_is_kept_with_who_when_and_why(house, process):
    actions.vote(
        vote_of(house.max, process),
        "approved",
        by=house.max,
        reason=" The old one is four years old. ",
        note="Take it from the spare budget.",
        at=MONDAY + HOUR,
    )
    vote = Vote.objects.get()
    assert (vote.state, vote.acted_by, vote.at) == ("approved", house.max, MONDAY + HOUR)
    assert (vote.reason, vote.note) == (
        "The old one is four years old.",
        "Take it from the spare budget.",
    )
    event = last_event(house.ticket, "voted")
    assert (event.actor, event.on_behalf_of, event.at) == (house.max, None, MONDAY + HOUR)
    assert event.data["decision"] == "approved"
    assert "spare budget" not in str(event.data)


def test_a_rejection_needs_a_reason(house, process):
    before = as_stored(process)
    with pytest.raises(MissingValue) as refusal:
        actions.vote(vote_of(house.max, process), "rejected", by=house.max, reason="  ", at=MONDAY)
    assert (refusal.value.field, as_stored(process)) == ("reason", before)


def test_who_abstains_alone_declines_and_the_requester_is_told_why(house, process):
    give(process, house.max, "abstained")
    assert state_of(process) == "rejected"
    assert last_event(house.ticket, "decided").data["reason"] == "Too few approvers agreed."


def test_a_decision_that_nobody_knows_is_no_decision(house, process):
    with pytest.raises(ValueError, match="maybe"):
        actions.vote(vote_of(house.max, process), "maybe", by=house.max, at=MONDAY)
    assert Vote.objects.get().state == "waiting"


def test_somebody_who_is_not_asked_cannot_decide(house, process):
    text = refused(process, vote_of(house.max, process), by=house.rita)
    assert text == "This decision is asked of Max, and you do not stand in for them."


def test_an_administrator_cannot_decide_either(house, process):
    assert "asked of Max" in refused(process, vote_of(house.max, process), by=house.cast.root)


def test_the_requester_cannot_decide_even_with_a_vote_of_their_own(house, process):
    step = process.steps.get()
    own = Vote.objects.create(step=step, voter=house.ann, asked_at=MONDAY, due_at=MONDAY)
    text = refused(process, own, by=house.ann)
    assert text == "Nobody decides on their own matter. Somebody else is asked."


def test_the_requester_cannot_decide_as_a_stand_in(house, process):
    stand_in(house.max, house.ann)
    assert "own matter" in refused(process, vote_of(house.max, process), by=house.ann)


def test_nobody_decides_as_the_stand_in_of_the_requester(house, process):
    step = process.steps.get()
    own = Vote.objects.create(step=step, voter=house.ann, asked_at=MONDAY, due_at=MONDAY)
    stand_in(house.ann, house.rita)
    assert "own matter" in refused(process, own, by=house.rita)


def test_who_left_cannot_decide(house, process):
    house.max.is_active = False
    house.max.save()
    assert "account is closed" in refused(process, vote_of(house.max, process), by=house.max)


def test_a_stand_in_decides_as_b_for_a(house, process):
    stand_in(house.max, house.rita)
    vote = actions.vote(vote_of(house.max, process), "approved", by=house.rita, at=MONDAY + HOUR)
    assert (vote.voter, vote.acted_by, vote.by_stand_in) == (house.max, house.rita, True)
    event = last_event(house.ticket, "voted")
    assert (event.actor, event.on_behalf_of) == (house.rita, house.max)
    assert state_of(process) == "approved"


def test_a_stand_in_named_after_the_step_started_may_decide_too(house, process):
    vote = vote_of(house.max, process)
    stand_in(house.max, house.rita, at=MONDAY + DAY)
    assert "stand in" in refused(process, vote, by=house.rita, at=MONDAY + DAY - HOUR)
    actions.vote(vote, "approved", by=house.rita, at=MONDAY + DAY)
    assert state_of(process) == "approved"


def test_a_stand_in_whose_time_ended_yesterday_is_refused(house, process):
    stand_in(house.max, house.rita, at=MONDAY - 3 * DAY, days=2)
    assert "do not stand in" in refused(process, vote_of(house.max, process), by=house.rita)


def test_the_stand_in_of_a_stand_in_is_refused(house, process):
    (third,) = colleagues(house.cast, "Third")
    stand_in(house.max, house.rita)
    stand_in(house.rita, third)
    assert "do not stand in" in refused(process, vote_of(house.max, process), by=third)


def test_confidential_matters_need_a_stand_in_for_them(house, process):
    house.ticket.is_confidential = True
    house.ticket.save()
    delegation = stand_in(house.max, house.rita)
    assert "do not stand in" in refused(process, vote_of(house.max, process), by=house.rita)
    delegation.includes_confidential = True
    delegation.save()
    actions.vote(vote_of(house.max, process), "approved", by=house.rita, at=MONDAY + HOUR)
    assert state_of(process) == "approved"


def test_of_delegator_and_stand_in_the_first_counts(house, process):
    stand_in(house.max, house.rita)
    vote = vote_of(house.max, process)
    give(process, house.max, "approved")
    text = refused(process, vote, "rejected", by=house.rita, error=Refused, at=MONDAY + 2 * HOUR)
    assert text == "This is already decided: Max was first."


def test_with_four_eyes_a_stand_in_does_not_decide_a_second_step(house):
    (other,) = colleagues(house.cast, "Other")
    rules = policy({"source": "manager"}, {"source": "person", "person": other}, four_eyes=True)
    process = begun(house, rules)
    give(process, house.max, "approved")
    stand_in(other, house.max)
    text = refused(process, vote_of(other, process), by=house.max)
    assert text == "You decided another step of this already. This one needs somebody else."


def test_a_vote_after_the_decision_is_told_that_it_is_decided(house):
    process, (one, two) = board(house, "One", "Two", rule="any")
    late = vote_of(two, process)
    give(process, one, "approved")
    text = refused(process, late, by=two, error=Refused)
    assert text == "This is already decided, or somebody else was asked instead."
    assert Vote.objects.get(pk=late.pk).state == "void"


def test_a_vote_for_a_version_that_was_changed_is_told_so(house, process):
    vote = vote_of(house.max, process)
    actions.void(house.ticket, "Another model", at=MONDAY + HOUR)
    text = refused(process, vote, by=house.max, error=Refused)
    assert text.startswith("It was changed meanwhile.")


def test_a_vote_for_a_request_that_was_withdrawn_is_told_so(house, process):
    vote = vote_of(house.max, process)
    actions.cancel(house.ticket, at=MONDAY + HOUR)
    text = refused(process, vote, by=house.max, error=Refused)
    assert text == "It was withdrawn. Your decision is no longer needed."


def test_a_vote_is_taken_back_while_the_step_is_open(house):
    process, (one, _two) = board(house, "One", "Two")
    give(process, one, "approved")
    actions.withdraw_vote(vote_of(one, process), by=one, at=MONDAY + DAY)
    vote = vote_of(one, process)
    assert (vote.state, vote.acted_by, vote.at, vote.round) == ("waiting", None, None, 2)
    assert vote.due_at == MONDAY + 4 * DAY
    assert happened(house.ticket)[-1] == "withdrawn"


def test_a_vote_is_not_taken_back_once_the_step_is_decided(house, process):
    give(process, house.max, "approved")
    before = as_stored(process)
    with pytest.raises(Refused, match="already decided"):
        actions.withdraw_vote(Vote.objects.get(), by=house.max, at=MONDAY + DAY)
    assert as_stored(process) == before


def test_nobody_takes_back_the_vote_of_another(house):
    process, (one, two) = board(house, "One", "Two")
    vote = give(process, one, "approved")
    with pytest.raises(NotAllowed):
        actions.withdraw_vote(vote, by=two, at=MONDAY + DAY)
    assert vote_of(one, process).state == "approved"


def test_a_question_stops_the_time_to_decide_and_the_answer_lets_what_was_left_run(house, process):
    vote = vote_of(house.max, process)
    assert (vote.next_at, vote.due_at) == (MONDAY + DAY, MONDAY + 3 * DAY)
    # Asked on Monday, answered on Wednesday: two days are not counted.
    question = actions.ask(vote, by=house.max, text="Which model?", at=MONDAY + HOUR)
    assert actions.remind_and_time_out(MONDAY + 10 * DAY) == 0
    actions.answer(question, by=house.ann, text="The small one.", at=MONDAY + 2 * DAY + HOUR)
    vote.refresh_from_db()
    assert vote.next_at == MONDAY + 3 * DAY
    # Three business days from Monday and two of waiting: not Saturday but Monday of next week.
    assert vote.due_at == MONDAY + 7 * DAY
    assert happened(house.ticket)[-2:] == ["asked", "answered"]


def test_the_time_runs_on_when_the_last_question_is_answered(house):
    process, (one, two) = board(house, "One", "Two")
    first = actions.ask(vote_of(one, process), by=one, text="Why?", at=MONDAY)
    second = actions.ask(vote_of(two, process), by=two, text="When?", at=MONDAY + HOUR)
    actions.answer(first, by=house.ann, text="So.", at=MONDAY + DAY)
    assert process.steps.get().paused_at == MONDAY
    actions.answer(second, by=house.ann, text="Now.", at=MONDAY + DAY)
    assert process.steps.get().paused_at is None
    assert vote_of(one, process).due_at == MONDAY + 4 * DAY


def test_who_decides_needs_no_answer_any_more(house):
    process, (one, _two) = board(house, "One", "Two")
    question = actions.ask(vote_of(one, process), by=one, text="Why?", at=MONDAY)
    give(process, one, "approved")
    assert process.steps.get().paused_at is None
    with pytest.raises(Refused, match="no longer needed"):
        actions.answer(question, by=house.ann, text="So.", at=MONDAY + DAY)


def test_only_the_requesters_side_answers(house, process):
    question = actions.ask(vote_of(house.max, process), by=house.max, text="Why?", at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.answer(question, by=house.rita, text="So.", at=MONDAY + HOUR)
    question.refresh_from_db()
    assert (question.is_open, question.answer) == (True, "")


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_question_and_an_empty_answer_are_refused(house, process, text):
    vote = vote_of(house.max, process)
    with pytest.raises(MissingValue):
        actions.ask(vote, by=house.max, text=text, at=MONDAY)
    question = actions.ask(vote, by=house.max, text="Why?", at=MONDAY)
    with pytest.raises(MissingValue):
        actions.answer(question, by=house.ann, text=text, at=MONDAY)
    assert ApprovalProcess.objects.get().state == "running"


def test_an_approval_by_a_stand_in_is_no_shorter_than_the_delegation(house, process):
    delegation = stand_in(house.max, house.rita, days=1)
    vote = vote_of(house.max, process)
    assert delegation.ends_at == MONDAY + DAY
    assert "stand in" in refused(process, vote, by=house.rita, at=MONDAY + DAY)
    actions.vote(vote, "approved", by=house.rita, at=MONDAY + DAY - timedelta(seconds=1))
    assert state_of(process) == "approved"
