"""What numbers stand for in arrays of clocks. Plain Python: pages read rows made of them."""

from enum import IntEnum

# Of instants that do not come: the largest of 64 bits.
NEVER = 2**63 - 1
# How tickets end without a solution: given up, or declined by who had to approve.
UNSOLVED = ("cancelled", "rejected")
# What a promise is for stands as one number in figures: a priority is itself, and the severities of
# contracts (`PRI-4`) stand behind all priorities, sev2 as 12. So the two are never added up.
PRIORITIES = range(1, 6)
BEHIND_PRIORITIES = 10
SEVERITIES = range(BEHIND_PRIORITIES + 1, BEHIND_PRIORITIES + 5)


def level_code(target_key: str, level: int) -> int:
    """The number of a level of the scale `target_key`, as `Agreement.TargetKey` has it."""
    return level + BEHIND_PRIORITIES if target_key == "severity" else level


def level_of(code: int) -> tuple[str, int]:
    """The inverse of `level_code`: the scale, and the level of it."""
    if code > BEHIND_PRIORITIES:
        return "severity", code - BEHIND_PRIORITIES
    return "priority", code


class Outcome(IntEnum):
    """As `itil.sla.models.Outcome`."""

    MET = 0
    BREACHED = 1
    PENDING = 2
    EXCLUDED = 3
