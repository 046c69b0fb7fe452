"""The rows of an agreement: its targets and its escalation steps."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from itil.calendars.forms import WallTimeField
from itil.calendars.hours import MINUTES_A_DAY, opens_within
from itil.calendars.models import BusinessCalendar
from itil.sla.models import METRICS_OF, Agreement, EscalationStep, Form, ServiceTarget
from itil.tickets.models import Priority, Severity

from .business_time import BusinessTimeField

# More business days than this are no promise any more.
MOST_DAYS = 999


def ever_open(calendar: BusinessCalendar | None) -> BusinessCalendar | None:
    """The calendar, refused when it has no opening in the coming 400 days (`SLA-11`)."""
    if calendar is not None and not opens_within(calendar.schedule(), timezone.localdate()):
        raise forms.ValidationError(
            _("The calendar %(name)s is never open; nothing would ever be due.")
            % {"name": calendar.name}
        )
    return calendar


def metrics_of(kind: str) -> list[tuple[str, Any]]:
    """What agreements of this kind may promise, as choices."""
    return [(metric.value, metric.label) for metric in METRICS_OF[Agreement.Kind(kind)]]


def columns_of(target_key: str) -> list[tuple[int, Any]]:
    """The columns of the target table, as choices: (1, "P1 Critical") or (1, "sev1")."""
    if target_key == Agreement.TargetKey.SEVERITY:
        return [(severity.value, severity.label) for severity in Severity]
    return [(priority.value, f"P{priority.value} {priority.label}") for priority in Priority]


class RowForm(WagtailAdminModelForm):
    """One row of an agreement of `kind` whose columns are named by `target_key`.

    `offered` are the choices of fields that point to records, read once for all rows.
    """

    # What an empty choice means.
    EMPTY: dict[str, Any] = {}

    def __init__(self, *args, kind: str, target_key: str, offered: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.target_key = kind, target_key
        for name, empty in self.EMPTY.items():
            self.fields[name].choices = [("", empty), *offered[name]]

    def clean_calendar(self) -> BusinessCalendar | None:
        return ever_open(self.cleaned_data["calendar"])

    def _only(self, name: str, choices: list, *, empty: Any = None) -> None:
        """Offer these choices, and what was chosen before or just now when it is none of them.

        Whether that may stay is for `clean` to say; the page must not show something else.
        """
        offered = list(choices) if empty is None else [("", empty), *choices]
        known = {str(value) for value, _label in offered}
        for value, label in type(self).base_fields[name].choices:
            if value and str(value) not in known and str(value) == str(self[name].value()):
                offered.append((value, label))
        self.fields[name].choices = offered


class TargetForm(RowForm):
    """The promise for one metric at one priority or severity, in one of four forms (`SLA-3`)."""

    seconds = BusinessTimeField(required=False, label=gettext_lazy("Time"))
    days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        label=gettext_lazy("Days"),
        error_messages={"min_value": gettext_lazy("A target is at least 1 business day.")},
    )
    snap = forms.ChoiceField(
        required=False, choices=ServiceTarget.Snap.choices, label=gettext_lazy("Due")
    )
    cutoff = WallTimeField(
        required=False, label=gettext_lazy("Cut-off"), widget=forms.TextInput(attrs={"size": 5})
    )

    class Meta(WagtailAdminModelForm.Meta):
        model = ServiceTarget
        fields = ["metric", "priority", "form", "seconds", "days", "snap", "cutoff", "calendar"]

    EMPTY = {"calendar": gettext_lazy("that of the agreement")}
    # The field that each form needs, and what to say when it is empty.
    NEEDS = {
        Form.DURATION: ("seconds", gettext_lazy("Say how much business time, for example 4:00.")),
        Form.BUSINESS_DAYS: ("days", gettext_lazy("Say how many business days.")),
        Form.CUTOFF: ("cutoff", gettext_lazy("Say before which time, for example 12:00.")),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._only("metric", metrics_of(self.kind))
        self._only("priority", columns_of(self.target_key))
        self.fields["priority"].label = (
            _("Severity") if self.target_key == Agreement.TargetKey.SEVERITY else _("Priority")
        )

    def clean_metric(self) -> str:
        metric = self.cleaned_data["metric"]
        if metric not in METRICS_OF[Agreement.Kind(self.kind)]:
            raise forms.ValidationError(_("Agreements of this kind do not promise this."))
        return metric

    def clean_priority(self) -> int:
        level = int(self.cleaned_data["priority"])
        if level not in dict(columns_of(self.target_key)):
            raise forms.ValidationError(_("Severities go from sev1 to sev4."))
        return level

    def clean_cutoff(self) -> int | None:
        minutes = self.cleaned_data["cutoff"]
        if minutes in (0, MINUTES_A_DAY) and self.cleaned_data.get("form") == Form.CUTOFF:
            raise forms.ValidationError(_("A cut-off lies between 00:01 and 23:59."))
        return minutes

    def clean(self) -> dict:
        cleaned = super().clean()
        form = cleaned.get("form")
        needed, message = self.NEEDS.get(form, ("", ""))
        if needed and needed not in self.errors and cleaned.get(needed) is None:
            self.add_error(needed, message)
        # What belongs to another form is not kept: it would say something that does not hold.
        for name, _message in self.NEEDS.values():
            if name != needed and name not in self.errors:
                cleaned[name] = None
        cleaned["snap"] = cleaned.get("snap") or ServiceTarget.Snap.END_OF_DAY
        return cleaned


class StepForm(RowForm):
    """What happens when a share of a target is used up (`SLA-23`)."""

    percent = forms.IntegerField(
        min_value=1,
        max_value=100,
        label=gettext_lazy("Percent"),
        error_messages={
            "min_value": gettext_lazy("Give a percentage from 1 to 100."),
            "max_value": gettext_lazy("Give a percentage from 1 to 100."),
        },
    )

    EMPTY = {"calendar": gettext_lazy("at any time"), "team": "–"}

    class Meta(WagtailAdminModelForm.Meta):
        model = EscalationStep
        fields = ["percent", "metric", "action", "team", "calendar"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._only("metric", metrics_of(self.kind), empty=_("Every target"))

    def clean_metric(self) -> str:
        metric = self.cleaned_data["metric"]
        if metric and metric not in METRICS_OF[Agreement.Kind(self.kind)]:
            raise forms.ValidationError(_("Agreements of this kind do not promise this."))
        return metric

    def clean(self) -> dict:
        cleaned = super().clean()
        hands_over = cleaned.get("action") == EscalationStep.Action.HAND_OVER
        if hands_over and "team" not in self.errors and cleaned.get("team") is None:
            self.add_error("team", _("Say which team gets the ticket."))
        return cleaned


class RowSet(BaseChildFormSet):
    """The rows of one agreement. `key` names what may be there once."""

    kind = Agreement.Kind.SLA
    target_key = Agreement.TargetKey.PRIORITY
    key: tuple[str, ...] = ()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return super().get_form_kwargs(index) | {
            "kind": self.kind,
            "target_key": self.target_key,
            "offered": self.offered,
        }

    @cached_property
    def offered(self) -> dict[str, list[tuple[int, str]]]:
        """The records that a row may point to, by field."""
        return {
            name: [(record.pk, str(record)) for record in field.queryset]
            for name, field in self.form.base_fields.items()
            if name in self.form.EMPTY
        }

    def _existing_object(self, pk: Any) -> Any:
        """The row that was opened; an empty one when somebody removed it meanwhile."""
        try:
            return super()._existing_object(pk)
        except KeyError:
            return self.model()

    def make_room(self) -> None:
        """Remove the rows whose key changed before they are written again.

        Two rows may have changed places, which would collide half-way. Called in the transaction
        that saves them.
        """
        moved = [
            form.instance.pk
            for form in self.initial_forms
            if form.instance.pk and {*self.key} & {*form.changed_data}
        ]
        if moved:
            self.model.objects.filter(pk__in=moved).delete()


class TargetSet(RowSet):
    key = ("metric", "priority")

    def get_unique_error_message(self, unique_check: Any) -> str:
        return _("The same target is there twice; a priority has one target of each kind.")

    def get_form_error(self) -> str:
        return _("This target is there already, above.")


class StepSet(RowSet):
    key = ("percent", "metric", "action")

    def get_unique_error_message(self, unique_check: Any) -> str:
        return _("The same step is there twice.")

    def get_form_error(self) -> str:
        return _("This step is there already, above.")


# What a new agreement begins with; the assignee hears early, the managers when it is missed.
FIRST_STEPS = (
    (50, EscalationStep.Action.NOTIFY_ASSIGNEE),
    (75, EscalationStep.Action.NOTIFY_ASSIGNEE),
    (90, EscalationStep.Action.NOTIFY_LEAD),
    (100, EscalationStep.Action.NOTIFY_MANAGER),
)


def first_steps() -> list[EscalationStep]:
    """The usual steps of a new agreement, not saved."""
    return [EscalationStep(percent=percent, action=action) for percent, action in FIRST_STEPS]
