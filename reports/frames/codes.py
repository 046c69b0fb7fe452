"""What numbers stand for in arrays of clocks. Plain Python: pages read rows made of them."""

from enum import IntEnum

# Of instants that do not come: the largest of 64 bits.
NEVER = 2**63 - 1
# How tickets end without a solution: given up, or declined by who had to approve.
UNSOLVED = ("cancelled", "rejected")


class Outcome(IntEnum):
    """As `itil.sla.models.Outcome`."""

    MET = 0
    BREACHED = 1
    PENDING = 2
    EXCLUDED = 3
