"""What people type about problems: the shape of it. The verbs decide whether it may be done."""

from .analysing import (
    AnalysisForm,
    CauseFormSet,
    KnownErrorForm,
    ReviewForm,
    WhyFormSet,
    WorkaroundForm,
)
from .linking import DismissForm, FromCandidateForm, LinkForm, PublishForm, SolveForm
from .moving import form_for
from .opening import NewProblemForm

__all__ = [
    "AnalysisForm",
    "CauseFormSet",
    "DismissForm",
    "FromCandidateForm",
    "KnownErrorForm",
    "LinkForm",
    "NewProblemForm",
    "PublishForm",
    "ReviewForm",
    "SolveForm",
    "WhyFormSet",
    "WorkaroundForm",
    "form_for",
]
