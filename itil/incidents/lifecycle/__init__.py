"""The tables of the incident's life and of the procedure for major incidents."""

from .incident import LIFECYCLE, CancelReason, HoldReason, ResolutionCode, Status
from .major import MAJOR, MajorState

__all__ = [
    "LIFECYCLE",
    "MAJOR",
    "CancelReason",
    "HoldReason",
    "MajorState",
    "ResolutionCode",
    "Status",
]
