"""Business time: when a schedule is open, and how much of it lies between two instants.

Pure arithmetic: no database, no settings, no clock of its own. Instants are aware datetimes and
come back in UTC; they are cut to whole seconds. Durations are integers of seconds. Wall times are
minutes after local midnight. The rules are those of domain 4.3 (`SLA-11` to `SLA-14`) and of the
targets in 4.4 (`SLA-25`, `SLA-26`).

`hours.arrays` counts millions of intervals at once; it needs NumPy and is imported by name.
"""

from .counting import add, add_around, between, is_open, next_opening
from .days import holiday_name, is_holiday, openings_on, opens_within
from .schedule import (
    CIVIL_DAY,
    LONGEST_PAUSE_DAYS,
    MINUTES_A_DAY,
    SHIFT_START_DAY,
    NeverOpenError,
    Schedule,
    Week,
)
from .stretches import Stretch, length, merged, openings_between, within, without
from .targets import (
    END_OF_DAY,
    SAME_TIME,
    business_days,
    cutoff,
    last_closing,
    snap_to_closing,
)
from .walltime import at_wall

__all__ = [
    "CIVIL_DAY",
    "END_OF_DAY",
    "LONGEST_PAUSE_DAYS",
    "MINUTES_A_DAY",
    "SAME_TIME",
    "SHIFT_START_DAY",
    "NeverOpenError",
    "Schedule",
    "Stretch",
    "Week",
    "add",
    "add_around",
    "at_wall",
    "between",
    "business_days",
    "cutoff",
    "holiday_name",
    "is_holiday",
    "is_open",
    "last_closing",
    "length",
    "merged",
    "next_opening",
    "openings_between",
    "openings_on",
    "opens_within",
    "snap_to_closing",
    "within",
    "without",
]
