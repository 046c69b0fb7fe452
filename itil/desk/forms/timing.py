"""Time that was worked."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.tickets.models import Ticket
from itil.timesheets.errors import NoSuchTime
from itil.timesheets.hours import business_date, instant
from itil.timesheets.models import Activity, BillingKind, NoteVisibility, TimeEntry

from .fields import DurationField

# Two thousand lines are far smaller.
LARGEST_FILE = 2 * 1024 * 1024


class ConfirmingForm(forms.Form):
    """Asks whether two things at once are meant, once the verb wants to know (`BIL-2`)."""

    overlap_confirmed = forms.BooleanField(
        label=gettext_lazy("Both count: book it all the same"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "overlap_confirmed")])

    def ask_about_overlap(self) -> None:
        """Show the tick box, below everything else, when that is what is missing."""
        if "overlap_confirmed" in self.errors:
            self.fields["overlap_confirmed"].widget = forms.CheckboxInput()


class StopForm(ConfirmingForm):
    """Stops a timer; the minutes are asked for only when it was forgotten (`BIL-2`)."""

    minutes = DurationField(
        label=gettext_lazy("Time you worked"),
        help_text=gettext_lazy("Such as 1:30, or 90 for minutes. Left empty, what was measured."),
        required=False,
    )
    activity = forms.ModelChoiceField(
        label=gettext_lazy("Activity"),
        queryset=Activity.objects.filter(active=True),
        required=False,
        empty_label=gettext_lazy("As the timer says"),
    )
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)
    on_invoice = forms.BooleanField(
        label=gettext_lazy("The customer may read this on the invoice"), required=False
    )

    @property
    def note_visibility(self) -> str:
        return visibility_of(self.cleaned_data)


class TimeForm(ConfirmingForm):
    """Work entered afterwards: minutes, or from when until when."""

    minutes = DurationField(
        label=gettext_lazy("Time"),
        help_text=gettext_lazy("Such as 1:30, or 90 for minutes. Or say from when until when."),
        required=False,
    )
    begins = forms.TimeField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time such as 09:30.")},
    )
    ends = forms.TimeField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Earlier than the start: on the next day."),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time such as 09:30.")},
    )
    work_date = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a date such as 2026-10-31.")},
    )
    activity = forms.ModelChoiceField(
        label=gettext_lazy("Activity"), queryset=Activity.objects.filter(active=True)
    )
    kilometres = forms.DecimalField(
        label=gettext_lazy("Kilometers"),
        help_text=gettext_lazy("Of travel only, there and back."),
        max_digits=7,
        decimal_places=1,
        min_value=Decimal("0.1"),
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("What was done"), max_length=500, required=False)
    on_invoice = forms.BooleanField(
        label=gettext_lazy("The customer may read this on the invoice"), required=False
    )
    billing_kind = forms.ChoiceField(
        label=gettext_lazy("Billing"),
        choices=[("", gettext_lazy("As the activity says")), *BillingKind.choices],
        required=False,
    )
    non_billable_reason = forms.CharField(
        label=gettext_lazy("Why not billable"), max_length=200, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("work_date", business_date(timezone.now()))
        # Where the times lie on the world's clock; set by `clean`.
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None

    def clean(self):
        cleaned = super().clean()
        begins, ends, day = cleaned.get("begins"), cleaned.get("ends"), cleaned.get("work_date")
        wrong = {"minutes", "begins", "ends", "work_date"} & set(self.errors)
        if wrong:
            return cleaned
        if (begins is None) != (ends is None):
            self.add_error("ends" if ends is None else "begins", _("Enter both times, or none."))
        elif begins is not None and cleaned.get("minutes") is not None:
            self.add_error("minutes", _("Enter the time, or from when until when, not both."))
        elif begins is not None and day is not None:
            self._place(day, begins, ends)
        elif cleaned.get("minutes") is None:
            self.add_error("minutes", _("Enter the time, or from when until when."))
        return cleaned

    def _place(self, day: date, begins: time, ends: time) -> None:
        if begins == ends:
            self.add_error("ends", _("Enter an end that is later than the start."))
            return
        zone = get_current_timezone()
        try:
            self.started_at = instant(day, begins, zone)
        except NoSuchTime as error:
            self.add_error("begins", str(error))
        try:
            last = day if ends > begins else day + timedelta(days=1)
            self.ended_at = instant(last, ends, zone)
        except NoSuchTime as error:
            self.add_error("ends", str(error))

    def values(self) -> dict:
        """What `desk.log_time` and `desk.log_span` take beside the time itself."""
        cleaned = self.cleaned_data
        return {
            "activity": cleaned["activity"],
            "billing_kind": cleaned["billing_kind"] or None,
            "non_billable_reason": cleaned["non_billable_reason"],
            "kilometres": cleaned["kilometres"],
            "note": cleaned["note"],
            "note_visibility": visibility_of(cleaned),
            "overlap_confirmed": cleaned["overlap_confirmed"],
        }


class BookForm(TimeForm):
    """The same, for a ticket that is named."""

    ticket = forms.CharField(
        label=gettext_lazy("Ticket"),
        max_length=20,
        help_text=gettext_lazy("Its number, such as INC-000123."),
    )

    def __init__(self, *args, tickets, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["ticket"])
        self.tickets = tickets

    def clean_ticket(self) -> Ticket:
        return ticket_named(self.cleaned_data["ticket"], self.tickets)


class CorrectForm(TimeForm):
    """Changes an entry; the reason goes to its history."""

    reason = forms.CharField(label=gettext_lazy("Why is it corrected?"), max_length=300)
    ticket = forms.CharField(label=gettext_lazy("Ticket"), max_length=20)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, entry: TimeEntry, tickets, **kwargs):
        begin, end = entry.started_at, entry.ended_at
        has_times = begin is not None and end is not None
        initial = {
            "ticket": entry.ticket.number,
            "minutes": "" if has_times else clock_form(entry.minutes),
            "begins": _on_the_wall(begin) if has_times else None,
            "ends": _on_the_wall(end) if has_times else None,
            "work_date": timezone.localtime(begin).date() if has_times else entry.work_date,
            "activity": entry.activity_id,
            "kilometres": entry.kilometres,
            "note": entry.note,
            "on_invoice": entry.note_visibility == NoteVisibility.INVOICE_TEXT,
            "billing_kind": entry.billing_kind,
            "non_billable_reason": entry.non_billable_reason,
            "version": entry.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.entry, self.tickets = entry, tickets
        self.fields["billing_kind"].choices = BillingKind.choices
        # An activity that is no longer offered stays on what was booked with it.
        self.fields["activity"].queryset = Activity.objects.filter(active=True) | (
            Activity.objects.filter(pk=entry.activity_id)
        )
        self.order_fields(["ticket"])

    def clean_ticket(self) -> Ticket:
        number = self.cleaned_data["ticket"]
        if number.strip().upper() == self.entry.ticket.number:
            return self.entry.ticket
        return ticket_named(number, self.tickets)

    def changes(self) -> dict:
        """As `desk.correct_time` takes them. Times that were not touched keep their seconds."""
        cleaned = self.cleaned_data
        found = {
            "ticket": cleaned["ticket"],
            "activity": cleaned["activity"],
            "kilometres": cleaned["kilometres"],
            "note": cleaned["note"],
            "note_visibility": visibility_of(cleaned),
            "billing_kind": cleaned["billing_kind"],
            "non_billable_reason": cleaned["non_billable_reason"],
        }
        if self.started_at and self.ended_at:
            if {"begins", "ends", "work_date"} & set(self.changed_data):
                found |= {
                    "started_at": self.started_at,
                    "ended_at": self.ended_at,
                    "work_date": business_date(self.started_at),
                }
        else:
            found |= {"minutes": cleaned["minutes"], "work_date": cleaned["work_date"]}
        return found


class WhyForm(forms.Form):
    """A step that needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


def visibility_of(cleaned: dict) -> str:
    return NoteVisibility.INVOICE_TEXT if cleaned["on_invoice"] else NoteVisibility.INTERNAL


def _on_the_wall(at: datetime) -> time:
    return timezone.localtime(at).time().replace(second=0, microsecond=0)


def clock_form(minutes: int) -> str:
    """ "1:30": minutes as they are typed."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def ticket_named(number: str, tickets) -> Ticket:
    """The ticket with this number among `tickets`. Raises ValidationError."""
    found = tickets.filter(number=number.strip().upper()).first() if number.isprintable() else None
    if found is None:
        raise forms.ValidationError(_("There is no ticket with this number that you may see."))
    return found


class TimeFileForm(forms.Form):
    """One's own time as a file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("UTF-8, with the names of the columns in its first line."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("Choose a file smaller than 2 MB, or import it in parts.")
            )
        return file
