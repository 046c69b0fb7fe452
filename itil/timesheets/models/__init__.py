"""Recorded work. Knows tickets and people, not money."""

from itil.timesheets.lifecycle import EntryState

from .absence import Absence
from .activity import Activity, ActivityKind
from .entry import BillingKind, EntryEvent, NoteVisibility, TimeEntry
from .importing import TimeImport
from .timer import Timer, TimerStretch
from .working import WorkingHours

__all__ = [
    "Absence",
    "Activity",
    "ActivityKind",
    "BillingKind",
    "EntryEvent",
    "EntryState",
    "NoteVisibility",
    "TimeEntry",
    "TimeImport",
    "Timer",
    "TimerStretch",
    "WorkingHours",
]
