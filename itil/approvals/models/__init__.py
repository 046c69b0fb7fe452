"""Who has to agree before something is done, and how they decided (domain section 7)."""

from .policy import ApprovalPolicy, OnTimeout, PolicyMember, PolicyStep, Source
from .process import ApprovalProcess, ApprovalQuestion, ApprovalStep, Vote

__all__ = [
    "ApprovalPolicy",
    "ApprovalProcess",
    "ApprovalQuestion",
    "ApprovalStep",
    "OnTimeout",
    "PolicyMember",
    "PolicyStep",
    "Source",
    "Vote",
]
