"""What is asked for around the catalog."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.people.models import User


class ViewAsForm(forms.Form):
    """Whose eyes to look through, by the mail address."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Of the person whose catalog you want to see."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self):
        """Find the person; `person` is one who may sign in."""
        cleaned = super().clean()
        address = cleaned.get("address")
        if address:
            cleaned["person"] = User.objects.active().with_address(address).first()
            if cleaned["person"] is None:
                self.add_error("address", _("Nobody with this address may sign in."))
        return cleaned
