"""The way of an entry to the invoice, as a table (`BIL-1`)."""

import pytest

from itil.timesheets.lifecycle import CORRECTABLE, ENTRY, EntryState


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        ("draft", ("submit", "write_off")),
        ("submitted", ("approve", "reject", "reopen", "write_off")),
        ("approved", ("reopen", "write_off", "mark_invoiced")),
        ("rejected", ("submit", "reopen", "write_off")),
        ("invoiced", ("release",)),
        ("written_off", ()),
    ],
)
def test_each_state_has_its_steps(state, verbs):
    assert ENTRY.verbs_from(state) == verbs


def test_what_was_invoiced_or_given_up_is_not_corrected():
    assert set(EntryState) - CORRECTABLE == {EntryState.INVOICED, EntryState.WRITTEN_OFF}
