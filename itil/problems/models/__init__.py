"""Problems, what is known about them, and where new ones may be."""

from .analysis import Branch, Cause, Why
from .candidate import CandidateMember, ProblemCandidate
from .problem import Problem
from .workaround import Workaround, WorkaroundPost

__all__ = [
    "Branch",
    "CandidateMember",
    "Cause",
    "Problem",
    "ProblemCandidate",
    "Why",
    "Workaround",
    "WorkaroundPost",
]
