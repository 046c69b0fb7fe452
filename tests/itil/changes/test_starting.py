"""A change is not begun in a freeze, also when it begins at another time than planned (`CHG-4`)."""

import pytest

from itil.changes import actions
from itil.changes.actions.conflicts import exempt
from itil.changes.models import Change, ConflictRule
from itil.tickets.errors import Refused
from itil.tickets.models import TicketEvent

from .plans import HOUR, NOW, SATURDAY, change_manager, freeze, planned

LATER = SATURDAY + 24 * HOUR
INSIDE = SATURDAY + HOUR
EARLY = {"note": "The customer is ready now."}


@pytest.fixture
def mara(cast):
    return change_manager(cast)


def begin(change, by, at=INSIDE):
    return actions.move(change, "start", by=by, values=EARLY, at=at)


def test_outside_of_its_window_a_freeze_forbids_it_too(cast, mara):
    change = planned(cast, start=LATER)
    freeze(mara)
    events = TicketEvent.objects.count()
    with pytest.raises(Refused, match="Month-end close"):
        begin(change, mara)
    present = Change.objects.get()
    assert (present.status, present.actual_start, present.outside_window) == (
        "scheduled",
        None,
        False,
    )
    assert TicketEvent.objects.count() == events
    assert begin(change, mara, at=SATURDAY - 3 * HOUR).status == "implementation"
    assert change.outside_window


def test_an_emergency_begins_in_it_with_an_exemption(cast, mara):
    change = planned(cast, start=LATER, change_type="emergency")
    window = freeze(mara)
    with pytest.raises(Refused, match="exemption"):
        begin(change, mara)
    exempt(change, window, by=mara, reason="The hole is being used.", at=NOW)
    assert begin(change, mara).status == "implementation"


def test_a_freeze_that_only_warns_forbids_nothing(cast, mara):
    change = planned(cast, start=LATER)
    freeze(mara)
    ConflictRule.objects.update_or_create(kind="freeze", defaults={"severity": "warn"})
    assert begin(change, mara).status == "implementation"
