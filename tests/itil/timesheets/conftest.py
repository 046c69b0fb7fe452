"""Stories of recorded time alone, without the contracts that an app above hands over."""

import pytest

from itil.timesheets.actions import Approver, approver, hand_over


@pytest.fixture(autouse=True)
def no_contracts():
    """All time is approved by rule, as `Approver` says."""
    present = approver()
    hand_over(Approver())
    yield
    hand_over(present)
