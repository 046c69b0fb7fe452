"""The form of each step of a problem."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.problems.lifecycle import CancelReason, ResolutionCode
from itil.problems.models import Problem
from itil.problems.permissions import problems_for
from itil.tickets.models import Level
from portal.people.models import User


class StepForm(forms.Form):
    """A step that asks for nothing. `problem` is what it is about, `user` who takes the step."""

    def __init__(self, *args: Any, problem: Problem, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.problem, self.user = problem, user


class AnalyseForm(StepForm):
    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level.choices, coerce=int)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level.choices, coerce=int)


class CancelForm(StepForm):
    cancel_reason = forms.ChoiceField(label=_("Why?"), choices=CancelReason.choices)
    original = forms.CharField(
        label=_("Number of the other problem"),
        help_text=_("Needed when it repeats one, such as PRB-000123."),
        required=False,
    )
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def clean_original(self) -> Problem | None:
        number = self.cleaned_data["original"].strip().upper()
        if not number:
            return None
        found = problems_for(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _now("There is no problem %(number)s that you can see."), params={"number": number}
            )
        return found


class FixForm(StepForm):
    root_cause = forms.CharField(
        label=_("Root cause"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    fix_plan = forms.CharField(
        label=_("Fix plan"),
        help_text=_("Leave it empty when a linked change fixes it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )


class AcceptRiskForm(StepForm):
    service_owner = forms.ModelChoiceField(
        label=_("Accepted by"),
        help_text=_("The owner of the service."),
        queryset=User.objects.none(),
    )
    reason = forms.CharField(label=_("Why?"), widget=forms.Textarea(attrs={"rows": 3}))
    review_on = forms.DateField(
        label=_("Look at it again on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        service = self.problem.service
        field = self.fields["service_owner"]
        field.queryset = User.objects.filter(pk=service.owner_id if service else None)
        field.initial = service and service.owner_id


class NoteForm(StepForm):
    note = forms.CharField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 4}))


class CloseForm(StepForm):
    confirmed = forms.BooleanField(
        label=_("The fix works; the verification period need not be waited for"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.problem.resolution_code == ResolutionCode.RISK_ACCEPTED:
            self.fields["confirmed"].label = _now("The risk is accepted for good")
            self.fields["confirmed"].help_text = _now(
                "Nothing was fixed. Once it is closed, nobody is reminded to look at it again on"
                " %(day)s."
            ) % {"day": date_format(self.problem.review_on)}
        elif self.problem.verified_at is not None:
            day = date_format(localtime(self.problem.verified_at))
            self.fields["confirmed"].help_text = _now(
                "The verification period lasts until %(day)s."
            ) % {"day": day}


FORMS: dict[str, type[StepForm]] = {
    "analyse": AnalyseForm,
    "cancel": CancelForm,
    "fix": FixForm,
    "accept_risk": AcceptRiskForm,
    "fix_failed": NoteForm,
    "resolve": NoteForm,
    "close": CloseForm,
    "reanalyse": NoteForm,
}


def form_for(verb: str, problem: Problem, user: User, data: Any = None) -> StepForm:
    """Filled with what the problem has already."""
    kind = FORMS.get(verb, StepForm)
    names = ("impact", "urgency", "root_cause", "fix_plan")
    initial = {name: getattr(problem, name) for name in names}
    return kind(data, initial=initial, problem=problem, user=user)
