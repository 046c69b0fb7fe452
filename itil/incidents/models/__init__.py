"""Incidents, and what the procedure for major ones keeps."""

from itil.incidents.lifecycle import MajorState

from .incident import MAJOR_STATES, Incident
from .major import MajorIncident, MajorRole, MajorRoleHolder
from .review import MajorReview, ReviewMoment
from .rule import CandidateRule

__all__ = [
    "MAJOR_STATES",
    "CandidateRule",
    "Incident",
    "MajorIncident",
    "MajorReview",
    "MajorRole",
    "MajorRoleHolder",
    "MajorState",
    "ReviewMoment",
]
