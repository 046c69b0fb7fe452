"""What people type about incidents and major ones."""

from .major import AcceptForm, PeopleForm, UpdateForm, WhyForm
from .opening import NewIncidentForm
from .outages import OutageForm
from .reviewing import ReviewForm

__all__ = [
    "AcceptForm",
    "NewIncidentForm",
    "OutageForm",
    "PeopleForm",
    "ReviewForm",
    "UpdateForm",
    "WhyForm",
]
