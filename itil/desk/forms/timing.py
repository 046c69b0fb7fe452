"""Time that was worked."""

from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy

from itil.timesheets.models import Activity, BillingKind

from .fields import DurationField


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
