"""Switching a schedule, and running it by hand."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SwitchForm(forms.Form):
    """Which way, as it was shown."""

    on = forms.TypedChoiceField(
        choices=[("1", _("on")), ("0", _("off"))], coerce=lambda value: value == "1"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RunForm(forms.Form):
    """When the question was shown: sent twice, it is one run."""

    asked_at = forms.DateTimeField(
        widget=forms.HiddenInput,
        input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"],
        error_messages={"required": _("Open this page again."), "invalid": _("Open it again.")},
    )
