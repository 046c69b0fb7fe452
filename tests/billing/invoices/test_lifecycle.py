"""The table of an invoice's states, and the state that follows from sums (`BIL-11`)."""

from decimal import Decimal

import pytest

from billing.invoices.lifecycle import INVOICE, State, settled_state, step

# Each row a state, each column where it may lead; every other cell of the square is refused.
TABLE = {
    "draft": {"issued"},
    "issued": {"sent", "partly_paid", "paid", "written_off", "cancelled"},
    "sent": {"partly_paid", "paid", "written_off", "cancelled"},
    "partly_paid": {"issued", "sent", "paid", "written_off", "cancelled"},
    "paid": {"issued", "sent", "partly_paid", "cancelled"},
    "written_off": {"issued", "sent", "partly_paid", "paid", "cancelled"},
    "cancelled": set(),
}


@pytest.mark.parametrize("target", [state.value for state in State])
@pytest.mark.parametrize("source", [state.value for state in State])
def test_each_cell_of_the_table(source, target):
    assert (step(source, target) is not None) == (target in TABLE[source])


@pytest.mark.parametrize("state", list(State))
def test_only_a_draft_is_issued(state):
    move = INVOICE.find("issue", state)
    assert (move is not None) == (state == State.DRAFT)


def test_every_state_has_a_phase_and_none_leads_back_to_draft():
    assert set(INVOICE.phases) == set(State)
    assert State.DRAFT not in {move.target for move in INVOICE.moves}


@pytest.mark.parametrize(
    ("sums", "state"),
    [
        ({}, "issued"),
        ({"is_sent": True}, "sent"),
        ({"paid": "0.01"}, "partly_paid"),
        ({"paid": "0.01", "is_sent": True}, "partly_paid"),
        ({"paid": "100"}, "paid"),
        ({"paid": "98", "discounted": "2"}, "paid"),
        ({"discounted": "2"}, "issued"),
        ({"paid": "98", "written_off": "2"}, "written_off"),
        ({"written_off": "100"}, "written_off"),
        ({"written_off": "20"}, "issued"),
        ({"credited": "20", "is_sent": True}, "sent"),
        ({"credited": "20", "paid": "80"}, "paid"),
        ({"credited": "100"}, "cancelled"),
        ({"payable": "0"}, "paid"),
    ],
)
def test_the_state_follows_from_the_sums(sums, state):
    given = {"payable": "100", "paid": "0", "credited": "0", "discounted": "0", "written_off": "0"}
    is_sent = bool(sums.get("is_sent"))
    amounts = given | {key: value for key, value in sums.items() if key != "is_sent"}
    found = settled_state(
        **{key: Decimal(value) for key, value in amounts.items()}, is_sent=is_sent
    )
    assert found == state
