"""What is asked after a change, and what people are told of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.changes.lifecycle import Outcome
from itil.services.models import Service
from portal.ui.fields import MomentField


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **more)


class ReviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    went_well = _text(_("What went well?"), required=False)
    went_wrong = _text(
        _("What went wrong?"), required=False, help_text=_("Needed unless it was successful.")
    )
    lessons = _text(_("What do we learn from it?"))
    follow_up = _text(_("What is done about it?"), required=False)


class AnnouncementForm(forms.Form):
    title = forms.CharField(label=_("What is planned?"), max_length=200)
    effect = _text(_("What will people notice?"))
    services = forms.ModelMultipleChoiceField(
        label=_("Users of which services are told?"),
        queryset=Service.objects.filter(active=True),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
