"""What people type about tasks: the shape of it. The verbs decide whether it may be done."""

from .planning import NewTaskForm, WaitForForm
from .plans import PlanTaskForm
from .working import (
    AssignForm,
    FinishForm,
    ManyForm,
    NoteForm,
    PlainForm,
    SkipForm,
    TeamForm,
    form_for,
)

__all__ = [
    "AssignForm",
    "FinishForm",
    "ManyForm",
    "NewTaskForm",
    "NoteForm",
    "PlainForm",
    "PlanTaskForm",
    "SkipForm",
    "TeamForm",
    "WaitForForm",
    "form_for",
]
