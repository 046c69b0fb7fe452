"""Working on a task, and giving it to somebody."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.conversation.forms import ManyFilesField
from itil.tasks.models import EvidenceKind, Task
from portal.people.models import Team, User


class PlainForm(forms.Form):
    """A step that asks for nothing."""


class NoteForm(forms.Form):
    """A step that asks why."""

    note = forms.CharField(
        label=gettext_lazy("What stands in the way?"),
        help_text=gettext_lazy("Your colleagues read it; the requester does not."),
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        max_length=2000,
    )


class FailForm(NoteForm):
    note = forms.CharField(
        label=gettext_lazy("Why could it not be done?"),
        help_text=gettext_lazy("The lead reads it and decides how it goes on."),
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        max_length=2000,
    )


class SkipForm(forms.Form):
    """Why a task is not needed; it has to be said of a mandatory one."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it not needed?"),
        widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""}),
        max_length=2000,
    )

    def __init__(self, *args, task: Task, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not task.is_optional


class FinishForm(forms.Form):
    """What shows that a task is done; only what this one asks for."""

    evidence = forms.CharField(
        label=gettext_lazy("What shows that it is done?"),
        help_text=gettext_lazy("For example a serial number or the name of an account."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    files = ManyFilesField(
        label=gettext_lazy("File that shows that it is done"),
        help_text=gettext_lazy("For example a signed form or a photo."),
    )

    def __init__(self, *args, task: Task, **kwargs):
        super().__init__(*args, **kwargs)
        if task.evidence_kind != EvidenceKind.TEXT:
            del self.fields["evidence"]
        if task.evidence_kind != EvidenceKind.FILE:
            del self.fields["files"]


class ManyForm(forms.Form):
    """Who is to have the tasks that were chosen."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who does them?"),
        queryset=User.objects.agents(),
        error_messages={"required": gettext_lazy("Choose a person.")},
    )


def form_for(verb: str, task: Task, *, data=None) -> forms.Form:
    """The form of a step of the life cycle."""
    if verb == "skip":
        return SkipForm(data, task=task)
    return {"block": NoteForm, "fail": FailForm}.get(verb, PlainForm)(data)


class AssignForm(forms.Form):
    """Somebody of the team that does the task."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, *args, task: Task, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.agents().filter(
            memberships__team=task.team_id
        )
        self.initial.setdefault("person", task.assignee_id)


class TeamForm(forms.Form):
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.active())

    def __init__(self, *args, task: Task, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("team", task.team_id)
