"""What is said on a ticket, its steps, and who works on it."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.sla.models import Agreement
from itil.tickets.models import Ticket
from portal.people.models import Organization, Team, User
from portal.ui.moments import moment_text

from .fields import ManyFilesField, MomentField


class MessageForm(forms.Form):
    """A public reply or an internal note, with files."""

    text = forms.CharField(
        label=gettext_lazy("Message"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    attachments = ManyFilesField(label=gettext_lazy("Files"), required=False)


class ReasonForm(forms.Form):
    """A step that asks why."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3, "data-focus": ""})
    )


class HoldForm(forms.Form):
    hold_reason = forms.ChoiceField(label=gettext_lazy("What does it wait for?"), choices=())
    note = forms.CharField(
        label=gettext_lazy("Question to the requester, or note"),
        help_text=gettext_lazy("The requester reads it only when you wait for the requester."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    resume_at = MomentField(
        label=gettext_lazy("Goes on at"),
        help_text=gettext_lazy("Needed when the work is scheduled."),
        required=False,
    )
    supplier = forms.ModelChoiceField(
        label=gettext_lazy("Supplier"),
        help_text=gettext_lazy(
            "Starts the clocks of the supplier's contract. The requester does not see it."
        ),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("None with a contract"),
    )
    reference = forms.CharField(
        label=gettext_lazy("Supplier, problem, change or parts"),
        help_text=gettext_lazy("Needed when it waits for one of these."),
        max_length=200,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        contracts = Agreement.objects.filter(kind=Agreement.Kind.UC, active=True)
        suppliers = Organization.objects.active().filter(
            pk__in=contracts.filter(supplier__isnull=False).values("supplier")
        )
        if suppliers.exists():
            self.fields["supplier"].queryset = suppliers
        else:
            del self.fields["supplier"]

    def clean(self):
        """A supplier is handed the ticket only when it is what the ticket waits for."""
        values = super().clean()
        if values.get("hold_reason") != "awaiting_vendor":
            values.pop("supplier", None)
        return values


class ResolveForm(forms.Form):
    resolution_code = forms.ChoiceField(label=gettext_lazy("How was it resolved?"), choices=())
    note = forms.CharField(
        label=gettext_lazy("What was done"),
        help_text=gettext_lazy("The requester gets this by e-mail."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class CancelForm(forms.Form):
    cancel_reason = forms.ChoiceField(label=gettext_lazy("Why is it cancelled?"), choices=())
    merged_into = forms.CharField(
        label=gettext_lazy("Number of the original"),
        help_text=gettext_lazy("Needed for a duplicate, such as INC-000123."),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args, tickets, **kwargs):
        super().__init__(*args, **kwargs)
        self.tickets = tickets

    def clean_merged_into(self):
        number = self.cleaned_data["merged_into"].strip().upper()
        if not number:
            return None
        original = self.tickets.filter(number=number).first()
        if original is None:
            raise forms.ValidationError(
                _("There is no ticket %(number)s that you can see."), params={"number": number}
            )
        return original


class PlainForm(forms.Form):
    """A step that asks for nothing."""


def form_for(
    verb: str, ticket: Ticket, *, data=None, tickets=None, courtesy_until=None
) -> forms.Form:
    """The form of a step of the life cycle, its choices taken from the record's own columns.

    A step that people do not take has none; the verb refuses it. `courtesy_until`: so long the
    step may say that the reopening before it was none; what was said later is for the verb to
    refuse.
    """
    rows = [row for row in ticket.lifecycle.moves if row.verb == verb and row.label]
    needs = {name for row in rows for name in row.needs}
    if "cancel_reason" in needs:
        form = CancelForm(data, tickets=tickets)
    else:
        kinds = {"hold_reason": HoldForm, "resolution_code": ResolveForm, "reason": ReasonForm}
        form = next((kind for name, kind in kinds.items() if name in needs), PlainForm)(data)
    for name in ("resolution_code", "cancel_reason"):
        if name in form.fields:
            form.fields[name].choices = ticket._meta.get_field(name).choices
    if "hold_reason" in form.fields:
        form.fields["hold_reason"].choices = [
            (reason, label)
            for reason, label in ticket.hold_reasons()
            if reason in ticket.HOLD_REASONS
        ]
    may_be_courtesy = any("courtesy" in row.guards for row in rows)
    if may_be_courtesy and (courtesy_until is not None or "courtesy" in (data or {})):
        form.fields["courtesy"] = _courtesy_field(courtesy_until)
    return form


def _courtesy_field(until: datetime | None) -> forms.BooleanField:
    words = _(
        "It does not count as a reopening then, and nobody is asked a second time how it went. "
        "The history keeps it."
    )
    if until is not None:
        words += " " + _("Possible until %(moment)s.") % {"moment": moment_text(until, now=until)}
    return forms.BooleanField(
        label=_("A courtesy: it was opened again, but nothing was wrong"),
        help_text=words,
        required=False,
    )


class AssignForm(forms.Form):
    person = forms.ModelChoiceField(
        label=gettext_lazy("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, **kwargs)
        agents = User.objects.agents()
        if ticket.team_id:
            agents = agents.filter(memberships__team=ticket.team_id)
        self.fields["person"].queryset = agents
        self.initial.setdefault("person", ticket.assignee_id)


class TeamForm(forms.Form):
    team = forms.ModelChoiceField(label=gettext_lazy("Team"), queryset=Team.objects.active())

    def __init__(self, *args, ticket: Ticket, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("team", ticket.team_id)
