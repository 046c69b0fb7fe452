"""The questions of the test bench: a ticket that was, or one that might be."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateTimeInput

from itil.services.models import Service
from itil.sla.matching import Facts, ancestors
from itil.sla.models import Agreement
from itil.tickets.models import Channel, Priority, Ticket
from portal.people.models import Location, Organization, Team, User

from .agreement import ticket_kinds
from .rows import columns_of


class PastTicketForm(forms.Form):
    """A ticket by its number, among those that `user` may see."""

    ticket = forms.CharField(
        label=gettext_lazy("Number of the ticket"),
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "INC-000123"}),
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_ticket(self) -> Ticket:
        number = self.cleaned_data["ticket"].strip()
        visible = Ticket.objects.visible_to(self.user).select_related("organization", "requester")
        ticket = visible.filter(number__iexact=number).first()
        if ticket is None:
            raise forms.ValidationError(_("There is no ticket with this number."))
        return ticket

    def found(self) -> Ticket | None:
        """The ticket, or None when the form says why not."""
        return self.cleaned_data["ticket"] if self.is_valid() else None


class ImaginedTicketForm(forms.Form):
    """Everything that a choice looks at. Filled in with a ticket it can be varied from there."""

    organization = forms.ModelChoiceField(
        Organization.objects.all(), label=gettext_lazy("Organization")
    )
    service = forms.ModelChoiceField(
        Service.objects.all(), required=False, label=gettext_lazy("Service")
    )
    location = forms.ModelChoiceField(
        Location.objects.select_related("organization"),
        required=False,
        label=gettext_lazy("Location of the requester"),
    )
    requester_vip = forms.BooleanField(required=False, label=gettext_lazy("Requester is VIP"))
    ticket_kind = forms.ChoiceField(label=gettext_lazy("Type"))
    channel = forms.ChoiceField(choices=Channel.choices, label=gettext_lazy("Channel"))
    priority = forms.TypedChoiceField(
        coerce=int,
        choices=columns_of(Agreement.TargetKey.PRIORITY),
        label=gettext_lazy("Priority"),
    )
    severity = forms.TypedChoiceField(
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", "–"), *columns_of(Agreement.TargetKey.SEVERITY)],
        label=gettext_lazy("Severity"),
    )
    team = forms.ModelChoiceField(Team.objects.all(), required=False, label=gettext_lazy("Team"))
    supplier = forms.ModelChoiceField(
        Organization.objects.all(), required=False, label=gettext_lazy("Supplier")
    )
    received_at = forms.DateTimeField(
        label=gettext_lazy("Received"), widget=AdminDateTimeInput, required=False
    )
    agreed_at = forms.DateTimeField(
        label=gettext_lazy("Agreed date"), widget=AdminDateTimeInput, required=False
    )

    def __init__(self, *args, ticket: Ticket | None = None, now: datetime, **kwargs):
        initial = _of(ticket) if ticket else {"priority": Priority.MODERATE, "received_at": now}
        super().__init__(*args, initial=initial, **kwargs)
        self.now = now
        self.fields["ticket_kind"].choices = ticket_kinds()

    def facts(self) -> Facts | None:
        """The circumstances, or None before they are complete."""
        if not (self.is_bound and self.is_valid()):
            return None
        given: dict[str, Any] = self.cleaned_data
        return Facts(
            received_at=given["received_at"] or self.now,
            organizations=ancestors(given["organization"]),
            service=_pk(given["service"]),
            location=_pk(given["location"]),
            requester_is_vip=given["requester_vip"],
            ticket_kind=given["ticket_kind"],
            channel=given["channel"],
            priority=given["priority"],
            severity=given["severity"],
            team=_pk(given["team"]),
            supplier=_pk(given["supplier"]),
            agreed_at=given["agreed_at"],
        )


def _of(ticket: Ticket) -> dict[str, Any]:
    return {
        "organization": ticket.organization_id,
        "service": ticket.service_id,
        "location": ticket.requester.location_id,
        "requester_vip": ticket.requester.vip,
        "ticket_kind": ticket.kind,
        "channel": ticket.channel,
        "priority": ticket.priority,
        "severity": ticket.severity,
        "team": ticket.team_id,
        "received_at": ticket.received_at,
        "agreed_at": ticket.agreed_at,
    }


def _pk(record: Any) -> int | None:
    return record.pk if record else None
