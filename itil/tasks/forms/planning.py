"""A task that is added by hand, and the order of tasks."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.tasks.models import EvidenceKind, Task
from itil.tickets.models import Ticket
from portal.people.models import Team, User
from portal.ui.fields import MomentField


class TasksField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, task):
        return str(task)


class NewTaskForm(forms.Form):
    """A task for a ticket; `after` offers the tasks that it may wait for."""

    title = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=200,
        widget=forms.TextInput(attrs={"data-focus": ""}),
    )
    text = forms.CharField(
        label=gettext_lazy("Details"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.active(),
        help_text=gettext_lazy("Its people find the task in their inbox."),
    )
    due_at = MomentField(label=gettext_lazy("Due"), required=False)
    after = TasksField(
        label=gettext_lazy("Begins after"), queryset=Task.objects.none(), required=False
    )
    checklist = forms.CharField(
        label=gettext_lazy("Checklist"),
        help_text=gettext_lazy("One line for each point."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    evidence_kind = forms.ChoiceField(
        label=gettext_lazy("Needed before it is done"),
        choices=EvidenceKind.choices,
        initial=EvidenceKind.NONE,
    )
    is_optional = forms.BooleanField(
        label=gettext_lazy("Optional: may be skipped without a reason"), required=False
    )
    visible_to_requester = forms.BooleanField(
        label=gettext_lazy("The requester sees it as a step"), required=False
    )

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("team", ticket.team_id)
        live = Task.objects.of(ticket).live()
        if live.exists():
            self.fields["after"].queryset = live
        else:
            del self.fields["after"]


class WaitForForm(forms.Form):
    """Another task of the same ticket that this one shall wait for."""

    predecessor = forms.ModelChoiceField(
        label=gettext_lazy("Wait for"), queryset=Task.objects.none()
    )

    def __init__(self, *args, task: Task, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        others = Task.objects.visible_to(user).of(task.ticket).live().exclude(pk=task.pk)
        self.fields["predecessor"].queryset = others.exclude(holds_up__task=task)
