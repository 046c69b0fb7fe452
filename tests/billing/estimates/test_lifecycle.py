"""Every cell of the table of estimates: each step, and each refusal with nothing changed."""

from datetime import timedelta

import pytest

from billing.estimates import actions
from billing.estimates.lifecycle import ESTIMATE, State
from billing.estimates.models import Estimate
from itil.tickets.errors import Refused
from tests.cast import MONDAY

from . import make

pytestmark = pytest.mark.django_db
VERBS = ("send", "accept", "reject")


def in_state(cast, state: str) -> Estimate:
    """An estimate that came to `state` by the verbs."""
    if state == State.DRAFT:
        make.may_accept(cast)
        return make.draft(cast)
    estimate = make.sent(cast)
    if state == State.ACCEPTED:
        actions.accept(estimate, by=cast.ann, at=MONDAY)
    elif state == State.REJECTED:
        actions.reject(estimate, by=cast.ann, at=MONDAY, note="Too much.")
    elif state == State.EXPIRED:
        actions.expire_due(MONDAY + timedelta(days=40))
    elif state == State.SUPERSEDED:
        newer = actions.new_version(estimate, by=cast.bea, at=MONDAY)
        actions.send(newer, to=cast.ann, by=cast.bea, at=MONDAY)
    estimate.refresh_from_db()
    assert estimate.state == state
    return estimate


def carry_out(verb: str, estimate: Estimate, cast) -> Estimate:
    if verb == "send":
        return actions.send(estimate, to=cast.ann, by=cast.bea, at=MONDAY)
    if verb == "accept":
        return actions.accept(estimate, by=cast.ann, at=MONDAY)
    return actions.reject(estimate, by=cast.ann, at=MONDAY, note="Not now.")


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("verb", VERBS)
def test_a_step_is_made_or_refused_as_the_table_says(cast, state, verb):
    estimate = in_state(cast, state)
    move = ESTIMATE.find(verb, state)
    said_again = (verb, state) in {("accept", State.ACCEPTED), ("reject", State.REJECTED)}
    if move:
        assert carry_out(verb, estimate, cast).state == move.target
    elif said_again:
        # A double click: the first answer stands, and nothing is written.
        before = estimate.events.count()
        assert carry_out(verb, estimate, cast).state == state
        assert estimate.events.count() == before
    else:
        with pytest.raises(Refused):
            carry_out(verb, estimate, cast)
        estimate.refresh_from_db()
        assert estimate.state == state


@pytest.mark.parametrize("state", [state for state in State.values if state != State.SENT])
def test_only_what_waits_can_expire(cast, state):
    estimate = in_state(cast, state)
    actions.expire_due(MONDAY + timedelta(days=400))
    estimate.refresh_from_db()
    assert estimate.state == state


@pytest.mark.parametrize("state", [State.SENT, State.ACCEPTED, State.REJECTED, State.EXPIRED])
def test_a_new_version_supersedes_the_former_one_when_it_is_sent(cast, state):
    estimate = in_state(cast, state)
    newer = actions.new_version(estimate, by=cast.bea, at=MONDAY)
    estimate.refresh_from_db()
    assert (newer.number, newer.version, newer.state) == (estimate.number, 2, State.DRAFT)
    assert estimate.state == state

    actions.send(newer, to=cast.ann, by=cast.bea, at=MONDAY)
    estimate.refresh_from_db()
    assert estimate.state == State.SUPERSEDED
