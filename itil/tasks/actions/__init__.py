"""The verbs of tasks: plans are published, tasks begin, are worked on and follow their ticket."""

from .assigning import assign, hand_over, take
from .beginning import add_task, begin, depend, try_again
from .following import block_all, cancel_all, unblock_all
from .publishing import publish
from .watching import tell_late
from .working import block, fail, finish, skip, start, tick, unblock

__all__ = [
    "add_task",
    "assign",
    "begin",
    "block",
    "block_all",
    "cancel_all",
    "depend",
    "fail",
    "finish",
    "hand_over",
    "publish",
    "skip",
    "start",
    "take",
    "tell_late",
    "tick",
    "try_again",
    "unblock",
    "unblock_all",
]
