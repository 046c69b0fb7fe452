"""The table of an invoice's states (`BIL-11`)."""

import pytest

from billing.invoices.lifecycle import INVOICE, State


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("verb", INVOICE.verbs)
def test_only_a_draft_is_issued(state, verb):
    move = INVOICE.find(verb, state)
    if (state, verb) == (State.DRAFT, "issue"):
        assert move.target == State.ISSUED
    else:
        assert move is None


def test_every_state_has_a_phase_and_none_leads_back_to_draft():
    assert set(INVOICE.phases) == set(State)
    assert State.DRAFT not in {move.target for move in INVOICE.moves}
