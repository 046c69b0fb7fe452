"""What votes add up to (`APP-2`)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itil.approvals.voting import (
    Ballot,
    Decision,
    Outcome,
    Rejects,
    Rule,
    RuleKind,
    decision_in,
    outcome_of,
)

YES, NO, ABSTAIN, WAITING = "approved", "rejected", "abstained", ""


def ballots(*decisions):
    return [Ballot(decision) for decision in decisions]


@pytest.mark.parametrize(
    ("percent", "eligible", "needed"),
    [(50, 5, 3), (60, 5, 3), (33, 4, 2), (1, 3, 1), (100, 4, 4), (34, 3, 2), (33, 3, 1)],
)
def test_a_share_is_rounded_up_and_is_one_at_least(percent, eligible, needed):
    assert Rule(RuleKind.PERCENT, percent).needed(eligible) == needed


@pytest.mark.parametrize(
    ("rule", "eligible", "needed"),
    [
        (Rule(RuleKind.ALL), 4, 4),
        (Rule(RuleKind.ANY), 4, 1),
        (Rule(RuleKind.QUORUM, 3), 5, 3),
        (Rule(RuleKind.QUORUM, 3), 2, 2),
    ],
)
def test_a_rule_says_how_many_have_to_agree_and_never_more_than_there_are(rule, eligible, needed):
    assert rule.needed(eligible) == needed


def test_a_quorum_of_three_in_five_with_two_rejections_is_open_until_it_is_impossible():
    rule = Rule(RuleKind.QUORUM, 3, Rejects.UNTIL_IMPOSSIBLE)
    assert outcome_of(rule, ballots(NO, NO, WAITING, WAITING, WAITING)) == Outcome.OPEN
    assert outcome_of(rule, ballots(NO, NO, NO, WAITING, WAITING)) == Outcome.REJECTED
    assert outcome_of(rule, ballots(NO, NO, YES, YES, YES)) == Outcome.APPROVED


def test_one_rejection_is_enough_unless_the_rule_says_otherwise():
    assert outcome_of(Rule(RuleKind.ANY), ballots(NO, WAITING, WAITING)) == Outcome.REJECTED
    until = Rule(RuleKind.ANY, 0, Rejects.UNTIL_IMPOSSIBLE)
    assert outcome_of(until, ballots(NO, WAITING, WAITING)) == Outcome.OPEN
    assert outcome_of(until, ballots(NO, NO, NO)) == Outcome.REJECTED


def test_abstaining_counts_as_not_approving():
    assert outcome_of(Rule(RuleKind.ALL), ballots(YES, ABSTAIN)) == Outcome.REJECTED
    assert outcome_of(Rule(RuleKind.ANY), ballots(ABSTAIN, WAITING)) == Outcome.OPEN
    assert outcome_of(Rule(RuleKind.ANY), ballots(ABSTAIN, ABSTAIN)) == Outcome.REJECTED


def test_without_a_mandatory_members_approval_nothing_is_approved():
    rule = Rule(RuleKind.ANY, 0, Rejects.UNTIL_IMPOSSIBLE)
    waiting, refused = Ballot(WAITING, is_mandatory=True), Ballot(NO, is_mandatory=True)
    abstained, agreed = Ballot(ABSTAIN, is_mandatory=True), Ballot(YES, is_mandatory=True)
    assert outcome_of(rule, [waiting, *ballots(YES, YES)]) == Outcome.OPEN
    assert outcome_of(rule, [agreed, *ballots(NO, WAITING)]) == Outcome.APPROVED
    assert outcome_of(rule, [refused, *ballots(YES, YES)]) == Outcome.REJECTED
    assert outcome_of(rule, [abstained, *ballots(YES, YES)]) == Outcome.REJECTED


def test_a_chair_may_veto_what_all_others_approve():
    rule = Rule(RuleKind.QUORUM, 2, Rejects.UNTIL_IMPOSSIBLE)
    veto = Ballot(NO, is_chair=True)
    assert outcome_of(rule, [veto, *ballots(YES, YES, YES)]) == Outcome.REJECTED
    assert outcome_of(rule, [Ballot(YES, is_chair=True), *ballots(NO, YES)]) == Outcome.APPROVED


def test_a_step_without_approvers_stays_open():
    assert outcome_of(Rule(RuleKind.PERCENT, 1), []) == Outcome.OPEN


rules = st.builds(
    Rule,
    kind=st.sampled_from(RuleKind.values),
    number=st.integers(1, 100),
    rejects=st.sampled_from(Rejects.values),
)
some_ballots = st.lists(
    st.builds(
        Ballot,
        decision=st.sampled_from(["", *Decision.values]),
        is_mandatory=st.booleans(),
        is_chair=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(rules, some_ballots)
def test_an_approved_step_has_the_votes_it_needs(rule, votes):
    approved = [vote for vote in votes if vote.decision == YES]
    if outcome_of(rule, votes) == Outcome.APPROVED:
        assert len(approved) >= rule.needed(len(votes)) >= 1
        assert all(vote.decision == YES for vote in votes if vote.is_mandatory)


@given(rules, some_ballots)
def test_when_everybody_has_voted_the_step_is_decided(rule, votes):
    if all(vote.decision for vote in votes):
        assert outcome_of(rule, votes) != Outcome.OPEN


@given(rules, some_ballots, st.integers(0, 7), st.sampled_from(Decision.values))
def test_a_decided_step_stays_decided_whatever_those_say_who_have_not_voted(
    rule, votes, which, decision
):
    before = outcome_of(rule, votes)
    waiting = [index for index, vote in enumerate(votes) if not vote.decision]
    if before != Outcome.REJECTED or not waiting:
        return
    index = waiting[which % len(waiting)]
    later = list(votes)
    later[index] = Ballot(
        decision, is_mandatory=votes[index].is_mandatory, is_chair=votes[index].is_chair
    )
    assert outcome_of(rule, later) == Outcome.REJECTED


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("approve", ("approved", "")),
        ("  Approved.\n", ("approved", "")),
        ("AKKOORD!", ("approved", "")),
        ("Genehmigt", ("approved", "")),
        ("Reject: too dear", ("rejected", "too dear")),
        ("Abgelehnt\n\nZu teuer.", ("rejected", "Zu teuer.")),
        ("declined - we have one", ("rejected", "we have one")),
        ("Decline", ("rejected", "")),
        ("", None),
        ("ok", None),
        ("I do not approve", None),
        ("approve?", None),
        ("approve, but only one", None),
        ("approve\n\nMax", None),
        ("approve: both", None),
        ("approve\nreject", None),
        ("reject\napprove", None),
        ("reject this or not", None),
        ("> approve", None),
        ("approve\n> Please decide", None),
    ],
)
def test_only_what_cannot_mean_something_else_is_a_decision(text, found):
    assert decision_in(text) == found
