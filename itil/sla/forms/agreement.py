"""The shape of an agreement as people enter it."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from itil.calendars.models import BusinessCalendar
from itil.sla.actions.versions import saved_meanwhile
from itil.sla.models import Agreement
from itil.tickets.models import Ticket

from .rows import ever_open

# Fields that mean nothing for agreements of a kind; one that is filled in all the same is shown.
POINTLESS = {
    Agreement.Kind.SLA: ("team", "supplier"),
    Agreement.Kind.OLA: (
        "supplier",
        "vendor_pauses",
        "reopen_policy",
        "requester_sees_due",
        "degraded_percent",
    ),  # fmt: skip
    Agreement.Kind.UC: (
        "team",
        "vendor_pauses",
        "reopen_policy",
        "requester_sees_due",
        "degraded_percent",
    ),  # fmt: skip
}


def ticket_kinds() -> list[tuple[str, Any]]:
    """The types of tickets there are, as choices."""
    return [
        (child._meta.model_name, capfirst(child._meta.verbose_name))
        for child in Ticket.__subclasses__()
    ]


class AgreementForm(WagtailAdminModelForm):
    """An agreement with its conditions and rules; targets and steps are rows below it.

    The kind is chosen once: clocks of one kind cannot become those of another. `version` is the
    one that was shown; saving over a later one is refused.
    """

    kind = forms.ChoiceField(choices=Agreement.Kind.choices, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta(WagtailAdminModelForm.Meta):
        model = Agreement
        fields = [
            "name",
            "calendar",
            "is_default",
            "active",
            "rank",
            "valid_from",
            "valid_to",
            "organization",
            "service",
            "location",
            "requester_vip",
            "ticket_kind",
            "channel",
            "team",
            "supplier",
            "target_key",
            "requester_sees_due",
            "vendor_pauses",
            "reopen_policy",
            "at_risk_percent",
            "degraded_percent",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._settle_kind()
        label = Agreement._meta.get_field("ticket_kind").verbose_name
        self.fields["ticket_kind"] = forms.ChoiceField(
            label=capfirst(label), choices=[("", _("All types")), *ticket_kinds()], required=False
        )
        for name in POINTLESS[self.instance.kind]:
            if not (self.instance.pk and self._is_given(name)):
                self.fields.pop(name, None)
        for rows in self.formsets.values():
            rows.kind = self.instance.kind
            rows.target_key = self._asked("target_key", Agreement.TargetKey)

    def _settle_kind(self) -> None:
        """A new agreement has the kind that was asked for, an old one the kind it has."""
        if self.instance.pk is None:
            self.instance.kind = self._asked("kind", Agreement.Kind)
        else:
            self.fields["kind"].disabled = True
        self.initial["kind"] = self.instance.kind
        self.initial["version"] = self.instance.version

    def _asked(self, name: str, choices: Any) -> Any:
        """What was posted for a choice that shapes the form, else what the agreement has."""
        posted = self.data.get(self.add_prefix(name))
        return choices(posted if posted in choices.values else getattr(self.instance, name))

    def _is_given(self, name: str) -> bool:
        field = Agreement._meta.get_field(name)
        return getattr(self.instance, field.attname) != field.get_default()

    def clean_calendar(self) -> BusinessCalendar | None:
        return ever_open(self.cleaned_data["calendar"])

    def clean_at_risk_percent(self) -> int:
        percent = self.cleaned_data["at_risk_percent"]
        if not 1 <= percent <= 100:
            raise forms.ValidationError(_("Give a percentage from 1 to 100."))
        return percent

    def clean_degraded_percent(self) -> int:
        percent = self.cleaned_data["degraded_percent"]
        if percent > 100:
            raise forms.ValidationError(_("Give a percentage from 0 to 100."))
        return percent

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("version") != self.instance.version:
            raise forms.ValidationError(saved_meanwhile(self.instance), code="stale")
        since, until = cleaned.get("valid_from"), cleaned.get("valid_to")
        if since and until and until <= since:
            self.add_error("valid_to", _("The agreement ends before it begins."))
        if cleaned.get("is_default") and cleaned.get("active"):
            others = Agreement.objects.filter(
                kind=self.instance.kind, is_default=True, active=True
            ).exclude(pk=self.instance.pk)
            for other in others:
                message = _("%(name)s is the default already; only one can be.")
                self.add_error("is_default", message % {"name": other.name})
        return cleaned

    def save(self, commit: bool = True) -> Agreement:  # noqa: FBT001, FBT002 - Django's signature
        """Save; in the transaction of the caller, so that no row is ever half there."""
        if commit:
            for rows in self.formsets.values():
                rows.make_room()
        return super().save(commit=commit)
