"""What happens to the clocks of tickets. Every verb runs in the transaction of its caller.

The clocks are a projection of the ticket's events: `begin` and `follow` let `itil.sla.clock`
compute what an event does to them and write it back; `replay` does it again from the first event.
"""

from .accounting import accounts
from .following import absorb, begin, exclude, follow, show_due, start
from .previewing import Effect, effects
from .replaying import Difference, differences, rewrite
from .watching import rechoose, recount, tick

__all__ = [
    "Difference",
    "Effect",
    "absorb",
    "accounts",
    "begin",
    "differences",
    "effects",
    "exclude",
    "follow",
    "rechoose",
    "recount",
    "rewrite",
    "show_due",
    "start",
    "tick",
]
