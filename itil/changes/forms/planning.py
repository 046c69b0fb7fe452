"""What a change is, when, by whom and how risky."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.changes.lifecycle import ChangeType
from itil.changes.models import COPIED, Change, ChangeTemplate, RiskFormulaVersion
from itil.cmdb.models import ConfigurationItem, Environment
from itil.services.models import Service
from itil.tasks.models import PlanVersion
from itil.tickets.models import Ticket
from portal.people.models import Team, User
from portal.ui.fields import MomentField

# As the first step out of the draft asks for them.
NEEDED_LATER = _("needed before it is submitted")


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), required=False, **more
    )


def _needed_later(form: forms.Form, names: Iterable[str], when: Any = NEEDED_LATER) -> None:
    """Say of fields that may be empty in a draft when they may not any more."""
    for name in names:
        if name in form.fields:
            form.fields[name].when_needed = when


def _services() -> Any:
    return Service.objects.filter(active=True)


def _ends_later(form: forms.Form, values: dict[str, Any]) -> dict[str, Any]:
    """The values; a window that ends before it begins is an error of the form."""
    start, end = values.get("planned_start"), values.get("planned_end")
    if start and end and end <= start:
        form.add_error("planned_end", _now("The end must be after the start."))
    return values


class WindowFields(forms.Form):
    """When it is planned, and who carries it out."""

    planned_start = MomentField(label=_("Planned start"), required=False)
    planned_end = MomentField(label=_("Planned end"), required=False)
    implementers = forms.ModelMultipleChoiceField(
        label=_("Carried out by"),
        queryset=User.objects.agents(),
        required=False,
        help_text=_("Nobody chosen: the owner. Those who carry it out do not decide on it."),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def clean(self) -> dict[str, Any]:
        return _ends_later(self, super().clean() or {})


class NewForm(WindowFields):
    """A normal or an emergency change."""

    title = forms.CharField(label=_("What is to be changed?"), max_length=250)
    change_type = forms.ChoiceField(
        label=_("Type"),
        choices=[one for one in ChangeType.choices if one[0] != ChangeType.STANDARD],
        initial=ChangeType.NORMAL,
        widget=forms.RadioSelect,
        help_text=_("An emergency cannot wait. A normal change that is late is no emergency."),
    )
    service = forms.ModelChoiceField(label=_("Service"), queryset=_services(), required=False)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.active(), required=False)
    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        queryset=ConfigurationItem.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    reason = _text(_("Why is it needed?"))
    urgency_reason = _text(_("Why can it not wait?"), help_text=_("Of an emergency."))
    security_reason = _text(
        _("Security reason"), help_text=_("Of an emergency that answers no incident or problem.")
    )
    answers = forms.CharField(
        label=_("Incidents or problems that it fixes"),
        required=False,
        help_text=_("Their numbers, such as INC-000123."),
    )
    field_order = ("title", "change_type", "service", "team", "items", "reason")

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["items"].queryset = ConfigurationItem.objects.visible_to(user).order_by("name")
        _needed_later(self, ("reason", "urgency_reason", "planned_start", "planned_end"))

    def clean_answers(self) -> list[Ticket]:
        """The records with these numbers that the person may see."""
        wanted = self.cleaned_data["answers"].replace(",", " ").upper().split()
        found = {
            ticket.number: ticket
            for ticket in Ticket.objects.visible_to(self.user).filter(
                number__in=wanted, kind__in=("incident", "problem")
            )
        }
        missing = [number for number in wanted if number not in found]
        if missing:
            raise forms.ValidationError(
                _now("There is no incident or problem %(number)s that you may see.")
                % {"number": missing[0]}
            )
        return [found[number] for number in dict.fromkeys(wanted)]


class StandardForm(WindowFields):
    """A standard change from a template."""

    template = forms.ModelChoiceField(label=_("Template"), queryset=ChangeTemplate.objects.none())
    title = forms.CharField(
        label=_("Title"),
        max_length=250,
        required=False,
        help_text=_("Empty: the name of the template."),
    )
    items = forms.ModelMultipleChoiceField(
        label=_("Items"),
        queryset=ConfigurationItem.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    field_order = ("template", "title", "items")

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        approved = ChangeTemplate.objects.filter(state=ChangeTemplate.State.APPROVED)
        self.fields["template"].queryset = approved
        self.fields["items"].queryset = ConfigurationItem.objects.visible_to(user).order_by("name")


class PlanForm(WindowFields):
    """Everything about a change that is planned."""

    reason = _text(_("Why is it needed?"))
    plan = _text(_("Implementation plan"), rows=6)
    test_plan = _text(_("Test plan"))
    back_out_plan = _text(_("Back-out plan"))
    is_back_out_tested = forms.BooleanField(label=_("The back-out plan was tested"), required=False)
    communication_plan = _text(_("Communication plan"))
    urgency_reason = _text(_("Why can it not wait?"))
    security_reason = _text(_("Security reason"))
    services = forms.ModelMultipleChoiceField(
        label=_("Other services"),
        queryset=_services(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    environment = forms.ChoiceField(
        label=_("Environment"), choices=[("", "–"), *Environment.choices], required=False
    )
    plan_version = forms.ModelChoiceField(
        label=_("Tasks by the plan"), queryset=PlanVersion.objects.none(), required=False
    )
    is_expedited = forms.BooleanField(
        label=_("Expedited: a shorter lead time, not less authority"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("reason", "plan", "test_plan", "back_out_plan")
    # Columns of the change that are written as they are typed.
    COLUMNS = (
        "reason",
        "plan",
        "test_plan",
        "back_out_plan",
        "is_back_out_tested",
        "communication_plan",
        "urgency_reason",
        "security_reason",
        "planned_start",
        "planned_end",
        "environment",
        "plan_version",
        "is_expedited",
    )

    def __init__(self, *args: Any, change: Change, **kwargs: Any):
        initial = {name: getattr(change, name) for name in self.COLUMNS}
        initial |= {
            "services": list(change.affected_services.all()),
            "implementers": list(change.implementers.all()),
            "version": change.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.change = change
        self.fields["plan_version"].queryset = PlanVersion.objects.filter(
            pk__in=PlanVersion.objects.filter(plan__current__isnull=False).values("plan__current")
        )
        if change.change_type != ChangeType.EMERGENCY:
            del self.fields["urgency_reason"], self.fields["security_reason"]
        if change.template_id:
            for name in ("plan_version", "is_expedited"):
                del self.fields[name]
            for name in set(COPIED) - set(change.template.choosable):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("As the template says.")
        self._ask_risk()
        _needed_later(self, self._needed)
        if change.change_type == ChangeType.NORMAL:
            _needed_later(self, ("communication_plan",), _("needed at high risk"))

    @property
    def _needed(self) -> tuple[str, ...]:
        """What the change must have when it leaves its draft."""
        window = ("planned_start", "planned_end")
        if self.change.template_id:
            return window
        if self.change.change_type == ChangeType.EMERGENCY:
            return ("reason", "plan", "urgency_reason", *window)
        risk = (f"risk_{question.key}" for question in self.questions)
        return ("reason", "plan", "test_plan", "back_out_plan", *risk, *window)

    def _ask_risk(self) -> None:
        """The questions of the formula in force, each a choice among its answers."""
        version = RiskFormulaVersion.in_force()
        self.questions = version.content.questions if version else ()
        for question in self.questions:
            self.fields[f"risk_{question.key}"] = forms.ChoiceField(
                label=question.text,
                choices=[(option.label, option.label) for option in question.options],
                initial=self.change.risk_answers.get(question.key),
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def changes(self) -> dict[str, Any]:
        """What was typed, by the columns of the change."""
        values = self.cleaned_data
        found = {name: values[name] for name in self.COLUMNS if name in values}
        if self.questions:
            found["risk_answers"] = {
                question.key: values[f"risk_{question.key}"]
                for question in self.questions
                if values.get(f"risk_{question.key}")
            }
        return found


class MoveWindowForm(forms.Form):
    """Another window, and nothing else."""

    planned_start = MomentField(label=_("Planned start"))
    planned_end = MomentField(label=_("Planned end"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        return _ends_later(self, super().clean() or {})


class TypeForm(forms.Form):
    change_type = forms.ChoiceField(
        label=_("Type"),
        choices=[one for one in ChangeType.choices if one[0] != ChangeType.STANDARD],
        widget=forms.RadioSelect,
    )
