"""Planning a release, its groups, and the steps that ask for something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.changes.models import Change
from itil.cmdb.models import Environment
from itil.services.models import Service
from itil.tickets.models import Ticket
from portal.people.models import Location, Organization
from portal.ui.fields import MomentField


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **more)


class NewReleaseForm(forms.Form):
    title = forms.CharField(label=_("Name"), max_length=250)
    service = forms.ModelChoiceField(
        Service.objects.filter(active=True), label=_("Service that it is a version of")
    )
    version = forms.CharField(label=_("Version"), max_length=40)
    planned_at = MomentField(label=_("Planned for"), required=False)
    scope = _text(_("What is in it"), required=False)


class PlacesField(forms.ModelMultipleChoiceField):
    """Places by name, each with whose it is."""

    def label_from_instance(self, obj: Location) -> str:
        return f"{obj.organization}: {obj}"


class WaveForm(forms.Form):
    name = forms.CharField(label=_("Name of the group"), max_length=120)
    start = MomentField(label=_("Begins"))
    end = MomentField(label=_("Ends"))
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.order_by("name"),
        label=_("Customers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    locations = PlacesField(
        Location.objects.select_related("organization").order_by("organization__name", "name"),
        label=_("Places"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    environment = forms.ChoiceField(label=_("Environment"), choices=Environment.choices)


class ChangeForm(forms.Form):
    """A change by its number, among those that the person may see."""

    number = forms.CharField(label=_("Number of the change"), max_length=20)

    def __init__(self, *args: Any, by: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_number(self) -> Change:
        number = self.cleaned_data["number"].strip().upper()
        change = Change.objects.visible_to(self.by).filter(number=number).first()
        if change is None:
            raise forms.ValidationError(_("There is no such change."))
        return change


class DecisionForm(forms.Form):
    is_go = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("go", _("Go")), ("no_go", _("No-go"))],
        coerce=lambda value: value == "go",
        widget=forms.RadioSelect,
    )
    note = _text(_("Reason"))


class NoteForm(forms.Form):
    note = _text(_("What happened"))


class ReasonForm(forms.Form):
    reason = _text(_("Reason"))


class CriteriaForm(forms.Form):
    exit_criteria = _text(
        _("Exit criteria and results"), rows=5, help_text=_("What had to be true, and that it is.")
    )


class SupportForm(forms.Form):
    support_until = MomentField(label=_("Until"))


class RollBackForm(forms.Form):
    note = _text(_("Why it is rolled back"))
    incident = forms.CharField(label=_("Incident that caused it"), max_length=20, required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_incident(self) -> Ticket | None:
        number = self.cleaned_data["incident"].strip().upper()
        if not number:
            return None
        seen = Ticket.objects.visible_to(self.by)
        incident = seen.filter(number=number, kind="incident").first()
        if incident is None:
            raise forms.ValidationError(_("There is no such incident."))
        return incident


FORMS: dict[str, type[forms.Form]] = {
    "rework": ReasonForm,
    "cancel": ReasonForm,
    "ask_approval": CriteriaForm,
    "support": SupportForm,
    "roll_back": RollBackForm,
}


def form_for(verb: str, data: Any, by: Any) -> forms.Form:
    """The form of a step; without fields for one that asks nothing."""
    kind = FORMS.get(verb, forms.Form)
    return kind(data, by=by) if kind is RollBackForm else kind(data)
