"""Templates of standard changes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.approvals.voting import Decision
from itil.changes.models import CHOOSABLE, AdvisoryBoard, ChangeTemplate
from itil.services.models import Service
from itil.tasks.models import TaskPlan
from portal.people.models import Team


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **more)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.active())
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.filter(active=True), required=False
    )
    reason = _text(_("Why is it done?"))
    plan = _text(_("Implementation plan"))
    test_plan = _text(_("Test plan"))
    back_out_plan = _text(_("Back-out plan"))
    communication_plan = _text(_("Communication plan"), required=False)
    task_plan = forms.ModelChoiceField(
        label=_("Tasks by the plan"),
        queryset=TaskPlan.objects.filter(current__isnull=False),
        required=False,
    )
    choosable = forms.MultipleChoiceField(
        label=_("May be set otherwise each time"),
        choices=list(CHOOSABLE.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    ignores_freeze = forms.BooleanField(label=_("May run in a freeze"), required=False)
    most_issues_percent = forms.IntegerField(
        label=_("Most uses with issues, in percent"), min_value=0, max_value=100, initial=20
    )
    board = forms.ModelChoiceField(
        label=_("Board that approves it"), queryset=AdvisoryBoard.objects.active()
    )
    review_on = _day(_("To be looked at again on"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, template: ChangeTemplate | None = None, **kwargs: Any):
        if template is not None:
            kwargs["initial"] = {name: getattr(template, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class TemplateVoteForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Your vote"), choices=Decision.choices, widget=forms.RadioSelect
    )
    reason = _text(_("Reason"), required=False, help_text=_("Needed when you decline."))


class SuspendForm(forms.Form):
    note = _text(_("Why is it suspended?"))


class AgainForm(forms.Form):
    review_on = _day(_("To be looked at again on"))
