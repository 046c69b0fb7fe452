"""Whether time needs an approval, and what an approval fixes. This app knows no contracts: the app
that has them extends `Approver` and hands its own over when it is ready.
"""

from collections.abc import Sequence
from datetime import datetime

from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import User


class Approver:
    """Asked at every step of an entry, inside its transaction. This one approves all by rule."""

    def initial_state(self, entry: TimeEntry) -> EntryState:
        """What an entry that is not stored yet begins as: approved by rule, submitted, or draft."""
        return EntryState.APPROVED

    def booked(self, entries: Sequence[TimeEntry], *, at: datetime) -> None:
        """They were stored, or became approved by rule once more after a correction."""

    def approving(self, entries: Sequence[TimeEntry], *, by: User | None, at: datetime) -> None:
        """They are about to be approved. Raises Refused when something is missing for that, such as
        a rate (`BIL-5`): then none is.
        """

    def loosened(self, entries: Sequence[TimeEntry], *, at: datetime) -> None:
        """What the approval fixed holds no more: reopened, corrected, written off or removed.

        Not called when only the note changed.
        """


class _Office:
    """Who decides at present; replaced once, when the app that has contracts is ready."""

    approver = Approver()


def hand_over(approver: Approver) -> None:
    """Let this one decide from now on."""
    _Office.approver = approver


def approver() -> Approver:
    """Who decides at present."""
    return _Office.approver


def initial_state(entry: TimeEntry) -> EntryState:
    """With which state `entry`, not stored yet, begins."""
    return _Office.approver.initial_state(entry)
