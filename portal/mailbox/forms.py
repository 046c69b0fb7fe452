"""The administrator's form for a mailbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Mailbox


class MailboxForm(forms.ModelForm):
    """Never shows the stored password; an empty field keeps it."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=254,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Leave empty to keep the present one. “env:NAME” reads it from the environment"
            " variable NAME."
        ),
    )

    class Meta:
        model = Mailbox
        fields = [
            "name",
            "address",
            "host",
            "port",
            "security",
            "user_name",
            "password",
            "folder",
            "team",
            "organization",
            "order",
            "accepts_automatic",
            "uses_reply_to",
            "active",
        ]

    def clean_password(self):
        return self.cleaned_data["password"] or self.instance.password
