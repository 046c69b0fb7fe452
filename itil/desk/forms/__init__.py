"""What agents type: the shape of it. The verbs decide whether it may be done."""

from .classifying import ClassificationForm, ExcludeForm, PriorityForm
from .fields import DurationField, ManyFilesField, MomentField
from .merging import MergeForm, SplitForm
from .moving import (
    AssignForm,
    CancelForm,
    HoldForm,
    MessageForm,
    PlainForm,
    ReasonForm,
    ResolveForm,
    TeamForm,
    form_for,
)
from .timing import BookForm, CorrectForm, StopForm, TimeFileForm, TimeForm, WhyForm

__all__ = [
    "AssignForm",
    "BookForm",
    "CancelForm",
    "ClassificationForm",
    "CorrectForm",
    "DurationField",
    "ExcludeForm",
    "HoldForm",
    "ManyFilesField",
    "MergeForm",
    "MessageForm",
    "MomentField",
    "PlainForm",
    "PriorityForm",
    "ReasonForm",
    "ResolveForm",
    "SplitForm",
    "StopForm",
    "TeamForm",
    "TimeFileForm",
    "TimeForm",
    "WhyForm",
    "form_for",
]
