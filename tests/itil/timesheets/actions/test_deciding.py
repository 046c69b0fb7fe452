"""From draft to the invoice and back (`BIL-1`)."""

from datetime import timedelta

import pytest

from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, Refused
from itil.timesheets import actions
from itil.timesheets.errors import FrozenEntry
from itil.timesheets.models import EntryEvent, EntryState, TimeEntry
from tests.cast import MONDAY
from tests.itil.timesheets import make

LATER = MONDAY + timedelta(hours=1)


class Wanting(actions.Approver):
    """A contract that wants approval, and a rate that may be missing."""

    def __init__(self):
        self.told = []
        self.is_rate_known = True

    def initial_state(self, entry):
        return EntryState.SUBMITTED

    def booked(self, entries, *, at):
        self.told.append(("booked", len(entries)))

    def approving(self, entries, *, by, at):
        if not self.is_rate_known:
            raise Refused("No rate is known for that day. Add one to the contract.")
        self.told.append(("approving", len(entries)))

    def loosened(self, entries, *, at):
        self.told.append(("loosened", len(entries)))


@pytest.fixture
def contract():
    before = actions.approver()
    wanting = Wanting()
    actions.hand_over(wanting)
    yield wanting
    actions.hand_over(before)


def kinds(entry):
    return list(EntryEvent.objects.filter(entry=entry).values_list("kind", flat=True))


def test_without_a_contract_that_wants_more_time_is_approved_by_rule(cast):
    entry = make.entry(cast, state=None)

    assert (entry.state, entry.approved_at, entry.approved_by) == ("approved", MONDAY, None)


def test_a_contract_may_want_an_approval(cast, contract):
    entry = make.entry(cast, state=None)

    assert (entry.state, entry.approved_at) == ("submitted", None)


def test_a_lead_approves_and_is_remembered(cast, contract):
    entry = make.submitted(cast)

    actions.approve([entry], by=cast.cleo, at=LATER)

    now = make.stored(entry)
    assert (now.state, now.approved_at, now.approved_by) == ("approved", LATER, cast.cleo)
    assert kinds(entry) == ["booked", "approved"]
    assert contract.told == [("booked", 1), ("approving", 1)]


def test_without_a_rate_nothing_is_approved(cast, contract):
    entries = [make.submitted(cast), make.submitted(cast)]
    contract.is_rate_known = False

    with pytest.raises(Refused, match="Add one to the contract"):
        actions.approve(entries, by=cast.cleo, at=LATER)

    assert set(TimeEntry.objects.values_list("state", flat=True)) == {"submitted"}


def test_nobody_approves_the_own_time(cast):
    entry = make.submitted(cast, agent=cast.cleo)

    with pytest.raises(NotAllowed, match="Somebody else"):
        actions.approve([entry], by=cast.cleo, at=LATER)

    assert make.stored(entry).state == "submitted"


def test_of_several_all_are_approved_or_none(cast):
    entries = [make.submitted(cast), make.entry(cast)]

    with pytest.raises(MoveNotAllowed, match=r"Bo on INC-.*, 2026-03-02, is “Draft” now"):
        actions.approve(entries, by=cast.cleo, at=LATER)

    assert make.stored(entries[0]).state == "submitted"


def test_a_rejected_entry_says_why_and_is_handed_in_again(cast, contract):
    entry = make.submitted(cast)

    actions.reject([entry], by=cast.cleo, reason="Wrong day", at=LATER)
    rejected = make.stored(entry)
    actions.submit([entry], by=cast.bo, at=LATER)

    assert (rejected.state, rejected.state_reason) == ("rejected", "Wrong day")
    assert (make.stored(entry).state, make.stored(entry).state_reason) == ("submitted", "")
    assert kinds(entry) == ["booked", "rejected", "submitted"]


@pytest.mark.parametrize("verb", ["reject", "reopen", "write_off"])
def test_what_goes_back_needs_a_reason(cast, verb):
    entry = make.submitted(cast)

    with pytest.raises(MissingValue) as refusal:
        getattr(actions, verb)([entry], by=cast.cleo, reason="  ", at=LATER)

    assert refusal.value.field == "reason"
    assert make.stored(entry).state == "submitted"


def test_a_draft_whose_contract_wants_no_approval_is_approved_when_handed_in(cast):
    entry = make.entry(cast)

    actions.submit([entry], by=cast.bo, at=LATER)

    now = make.stored(entry)
    assert (now.state, now.approved_at, now.approved_by) == ("approved", LATER, None)
    assert kinds(entry) == ["booked", "submitted", "approved"]


@pytest.mark.parametrize(("verb", "state"), [("reopen", "draft"), ("write_off", "written_off")])
def test_what_an_approval_fixed_is_loosened(cast, contract, verb, state):
    entry = make.approved(cast)
    contract.told.clear()

    getattr(actions, verb)([entry], by=cast.cleo, reason="Mistake", at=LATER)

    assert make.stored(entry).state == state
    assert contract.told == [("loosened", 1)]


def test_a_draft_has_no_approver(cast):
    entry = make.approved(cast)

    actions.reopen([entry], by=cast.cleo, reason="Mistake", at=LATER)

    now = make.stored(entry)
    assert (now.approved_at, now.approved_by) == (None, None)


def test_what_is_invoiced_cannot_go_back(cast):
    entry = make.invoiced(cast)

    for verb in (actions.reopen, actions.write_off):
        with pytest.raises(FrozenEntry):
            verb([entry], by=cast.cleo, reason="Mistake", at=LATER)

    assert make.stored(entry).state == "invoiced"


def test_a_full_credit_releases_it_as_it_was(cast):
    entry = make.invoiced(cast)

    changed = actions.release([entry], by=cast.bea, at=LATER)
    again = actions.release([entry], by=cast.bea, at=LATER)

    now = make.stored(entry)
    assert (changed, again) == (1, 0)
    assert (now.state, now.approved_by) == ("approved", cast.cleo)
    assert kinds(entry) == ["booked", "approved", "invoiced", "released"]
