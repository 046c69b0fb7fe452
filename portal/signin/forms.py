"""The forms of sign-in in the house's words: labels above the fields, nothing said twice."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "remember": _("Keep me signed in on this device"),
    "oldpassword": _("Present password"),
    "password1": _("New password"),
    "password2": _("New password once more"),
}
# The page links to a new password once, below the form.
WITHOUT_HELP = {"password", "oldpassword"}


class HouseWords(forms.Form):
    """Our labels; no placeholders, which vanish when one types."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            if name in WITHOUT_HELP:
                field.help_text = ""


class LoginForm(HouseWords, allauth_forms.LoginForm):
    pass


class ResetPasswordForm(HouseWords, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(HouseWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(HouseWords, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(HouseWords, allauth_forms.SetPasswordForm):
    pass
