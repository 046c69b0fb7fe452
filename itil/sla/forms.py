"""The shape of an agreement as people enter it: targets in hours and minutes."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from itil.tickets.models import Ticket

from .models import Agreement, ServiceTarget

MINUTE = 60
HOUR = 60 * MINUTE


class BusinessTimeField(forms.CharField):
    """Business time written as h:mm, in seconds; also `8 h`, `30 min` and `1 h 30 min`.

    Days are refused: a day may mean 8 hours, 24 hours or a business day (`SLA-3`).
    """

    default_error_messages = {
        "invalid": gettext_lazy("Write the time as hours and minutes, for example 4:00 or 0:30."),
        "days": gettext_lazy("Write hours: a day may mean 8 h, 24 h or a business day."),
        "zero": gettext_lazy("A target is longer than 0 minutes."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"placeholder": "4:00", "size": 7})
        super().__init__(**{"widget": widget, "max_length": 20} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return f"{value // HOUR}:{value % HOUR // MINUTE:02}"

    def to_python(self, value: Any) -> int | None:
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        return self._seconds(text.strip().lower())

    def _seconds(self, text: str) -> int:
        if re.search(r"\bd(ays?)?\b|\dd", text):
            raise forms.ValidationError(self.error_messages["days"], code="days")
        found = re.fullmatch(r"(\d{1,4}):([0-5]\d)", text) or re.fullmatch(
            r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,4})\s*m(?:in)?)?", text
        )
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        seconds = int(found[1] or 0) * HOUR + int(found[2] or 0) * MINUTE
        if seconds == 0:
            raise forms.ValidationError(self.error_messages["zero"], code="zero")
        return seconds

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The text was checked while it was read; the seconds need no further check."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class TargetForm(WagtailAdminModelForm):
    """The promise for one metric at one priority."""

    seconds = BusinessTimeField(label=gettext_lazy("Within (business time)"))

    class Meta:
        model = ServiceTarget
        fields = ["metric", "priority", "seconds", "calendar"]


class AgreementForm(WagtailAdminModelForm):
    """An agreement with its conditions; the targets are entered below it."""

    class Meta:
        model = Agreement
        fields = [
            "name",
            "kind",
            "calendar",
            "is_default",
            "active",
            "rank",
            "valid_from",
            "valid_to",
            "organization",
            "service",
            "requester_vip",
            "ticket_kind",
            "channel",
            "requester_sees_due",
            "vendor_pauses",
            "at_risk_percent",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = [
            (child._meta.model_name, child._meta.verbose_name) for child in Ticket.__subclasses__()
        ]
        label = Agreement._meta.get_field("ticket_kind").verbose_name
        self.fields["ticket_kind"] = forms.ChoiceField(
            label=label, choices=[("", _("All types")), *kinds], required=False
        )

    def clean_at_risk_percent(self) -> int:
        percent = self.cleaned_data["at_risk_percent"]
        if not 1 <= percent <= 100:
            raise forms.ValidationError(_("Give a percentage from 1 to 100."))
        return percent

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("valid_from"), cleaned.get("valid_to")
        if since and until and until <= since:
            self.add_error("valid_to", _("The agreement ends before it begins."))
        if cleaned.get("is_default") and cleaned.get("active"):
            others = Agreement.objects.filter(
                kind=cleaned.get("kind"), is_default=True, active=True
            ).exclude(pk=self.instance.pk)
            for other in others:
                message = _("%(name)s is the default already; only one can be.")
                self.add_error("is_default", message % {"name": other.name})
        return cleaned
