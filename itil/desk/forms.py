"""What agents type: the shape of it. The verbs decide whether it may be done."""

import re
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.conversation.files import NewFile, within_limits
from itil.services.models import Service
from itil.tickets.models import Category, Level, Priority, Ticket
from itil.timesheets.models import Activity, BillingKind
from portal.people.models import Team, User

_CLOCK_FORM = re.compile(r"^(?:(\d{1,2})[:h]\s*(\d{1,2})?\s*m?|(\d{1,4})\s*m?)$")


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files within the limits of a message; gives a list of NewFile."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        files = [
            NewFile(upload.name, upload.read())
            if upload.size <= settings.ATTACHMENT_MAX_BYTES
            # Not read into memory: the limit refuses it by its size alone.
            else NewFile(upload.name, b"\0" * (settings.ATTACHMENT_MAX_BYTES + 1))
            for upload in uploads
        ]
        kept, refused = within_limits(files)
        if refused:
            raise forms.ValidationError(refused)
        return kept


class DurationField(forms.CharField):
    """Worked time as 90, 1:30 or 1h 30m; gives whole minutes."""

    default_error_messages = {
        "unreadable": gettext_lazy("Enter the time as 1:30, as 1h 30m or in minutes.")
    }

    def clean(self, value):
        text = super().clean(value).strip().lower()
        if not text:
            return None
        found = _CLOCK_FORM.match(text)
        if not found:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        if found[3]:
            return int(found[3])
        return int(found[1]) * 60 + int(found[2] or 0)


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
    resume_at = forms.DateTimeField(
        label=gettext_lazy("Goes on at"),
        help_text=gettext_lazy("Needed when the work is scheduled."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": gettext_lazy("Enter a day and time such as 2026-10-31 09:00.")},
        required=False,
    )
    reference = forms.CharField(
        label=gettext_lazy("Supplier, problem, change or parts"),
        help_text=gettext_lazy("Needed when it waits for one of these."),
        max_length=200,
        required=False,
    )


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


def form_for(verb: str, ticket: Ticket, *, data=None, tickets=None) -> forms.Form:
    """The form of a step of the life cycle, its choices taken from the record's own columns."""
    if verb == "cancel":
        form = CancelForm(data, tickets=tickets)
    else:
        form = {"hold": HoldForm, "resolve": ResolveForm, "reopen": ReasonForm}.get(
            verb, PlainForm
        )(data)
    for name in ("resolution_code", "cancel_reason"):
        if name in form.fields:
            form.fields[name].choices = ticket._meta.get_field(name).choices
    if "hold_reason" in form.fields:
        form.fields["hold_reason"].choices = ticket.hold_reasons()
    return form


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


class ClassificationForm(forms.Form):
    """What a ticket is about; `version` is that of the record the person was shown."""

    title = forms.CharField(label=gettext_lazy("Subject"), max_length=250)
    impact = forms.TypedChoiceField(label=gettext_lazy("Impact"), choices=Level.choices, coerce=int)
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), choices=Level.choices, coerce=int
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.filter(active=True), required=False
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.filter(active=True),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, ticket: Ticket):
        names = ("title", "impact", "urgency", "service", "category", "version")
        super().__init__(data, initial={name: getattr(ticket, name) for name in names})

    def changes(self) -> dict:
        """The values without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, coerce=int
    )
    reason = forms.CharField(label=gettext_lazy("Why?"), widget=forms.Textarea(attrs={"rows": 3}))


class StopForm(forms.Form):
    """Stops the timer; the minutes are asked for only when it was forgotten (`BIL-2`)."""

    minutes = DurationField(
        label=gettext_lazy("Time you worked"),
        help_text=gettext_lazy("Such as 1:30, or 90 for minutes. Left empty, what was measured."),
        required=False,
    )


class TimeForm(forms.Form):
    """Minutes worked, entered afterwards or when the timer stops."""

    minutes = DurationField(
        label=gettext_lazy("Time"), help_text=gettext_lazy("Such as 1:30, or 90 for minutes.")
    )
    activity = forms.ModelChoiceField(
        label=gettext_lazy("Activity"), queryset=Activity.objects.filter(active=True)
    )
    work_date = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a date such as 2026-10-31.")},
    )
    billing_kind = forms.ChoiceField(
        label=gettext_lazy("Billing"),
        choices=[("", gettext_lazy("As the activity says")), *BillingKind.choices],
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = ZoneInfo(settings.BUSINESS_TIME_ZONE)
        self.initial.setdefault("work_date", timezone.localdate(timezone=zone))
