"""What a ticket is about and what counts for its service level."""

from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.services.models import Service
from itil.sla.models import BY_LEAD, Agreement, SlaClock
from itil.tickets.models import Category, Level, Priority, Severity, Ticket
from portal.people.models import Organization

from .fields import MomentField


class ClassificationForm(forms.Form):
    """What a ticket is about; `version` is that of the record the person was shown."""

    title = forms.CharField(label=gettext_lazy("Subject"), max_length=250)
    impact = forms.TypedChoiceField(label=gettext_lazy("Impact"), choices=Level.choices, coerce=int)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), choices=Level.choices, coerce=int
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.none(), required=False
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"), queryset=Category.objects.none(), required=False
    )
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organization"), queryset=Organization.objects.none()
    )
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity by the contract"),
        choices=[("", gettext_lazy("Not stated")), *Severity.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    agreed_at = MomentField(
        label=gettext_lazy("Agreed date"),
        help_text=gettext_lazy("When it is to be done, as agreed with the requester."),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, ticket: Ticket):
        names = [name for name in self.base_fields if name != "agreed_at"]
        initial = {name: getattr(ticket, name) for name in names}
        super().__init__(data, initial=initial | {"agreed_at": _to_the_minute(ticket.agreed_at)})
        # What the ticket has stays a choice when it is no longer given to others: else saving
        # something else would take it away.
        for name, model in (
            ("service", Service),
            ("category", Category),
            ("organization", Organization),
        ):
            present = getattr(ticket, f"{name}_id")
            self.fields[name].queryset = model.objects.filter(Q(active=True) | Q(pk=present))
        if ticket.severity is None and not _counts_by_severity():
            del self.fields["severity"]

    def changes(self) -> dict:
        """The values without the version; those that were left as they were shown stay out.

        So a date that is stored to the second is not changed by showing it to the minute.
        """
        kept = {"version", *(["agreed_at"] if "agreed_at" not in self.changed_data else [])}
        return {name: value for name, value in self.cleaned_data.items() if name not in kept}


def _counts_by_severity() -> bool:
    """True when some agreement names its targets by severity (`PRI-4`)."""
    by_severity = Agreement.TargetKey.SEVERITY
    return Agreement.objects.filter(active=True, target_key=by_severity).exists()


def _to_the_minute(at: datetime | None) -> datetime | None:
    """As the field shows it."""
    return at and at.replace(second=0, microsecond=0)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int
    )
    reason = forms.CharField(label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3}))


class ExcludeForm(forms.Form):
    """Leaves clocks out of the figures; `clocks` are those that are counted."""

    ALL = "all"

    clock = forms.TypedChoiceField(label=gettext_lazy("Which clock?"), choices=())
    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it left out?"),
        choices=[("", "–"), *((reason.value, reason.label) for reason in BY_LEAD)],
    )
    note = forms.CharField(
        label=gettext_lazy("What happened"),
        help_text=gettext_lazy("The customer's report names it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, *args, clocks: list[SlaClock], **kwargs):
        super().__init__(*args, **kwargs)
        known = {str(clock.pk): clock for clock in clocks}
        self.fields["clock"].choices = [
            (self.ALL, _("All of this ticket")),
            *((key, _name_of(clock)) for key, clock in known.items()),
        ]
        # None stands for all.
        self.fields["clock"].coerce = known.get


def _name_of(clock: SlaClock) -> str:
    """The metric, with whose it is and which run, where there are several."""
    whose = clock.team or clock.supplier
    parts = [str(clock.get_metric_display()), str(whose or ""), _nth(clock.cycle)]
    return " · ".join(part for part in parts if part)


def _nth(cycle: int) -> str:
    return _("run %(number)d") % {"number": cycle} if cycle > 1 else ""
