"""What clerks type to send and settle, and customers to ask."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Dispute, InvoiceLine, Sending

TEXT_LENGTH = 4000
# More choices than these are a menu.
MOST_RADIOS = 7


class SendForm(forms.Form):
    """Where an invoice goes, and how. `key` is of this form, so that a double click sends once."""

    to = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter the address it is sent to.")},
    )
    how = forms.ChoiceField(
        label=_("How"),
        choices=Sending.How.choices,
        widget=forms.RadioSelect,
        initial=Sending.How.LINK,
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class SendAllForm(forms.Form):
    """How all of them are sent."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=Sending.How.choices,
        widget=forms.RadioSelect,
        initial=Sending.How.LINK,
    )


class QuestionForm(forms.Form):
    """What is not right, and on which line; a visitor says who it is."""

    line = forms.TypedChoiceField(
        label=_("What is it about?"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is not right, or what would you like to know?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what is not right.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We answer to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter the address we answer to.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    # Left empty by people, who do not see it; programs fill in what they find.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Iterable[InvoiceLine], is_visitor: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[Any, Any]] = [("", _("The invoice as a whole"))]
        choices += [(line.position, line.description) for line in lines]
        if len(choices) > MOST_RADIOS:
            self.fields["line"].widget = forms.Select()
        self.fields["line"].choices = choices  # type: ignore[attr-defined]
        if not is_visitor:
            for name in ("name", "email", "website"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("website"):
            self.add_error(None, _("This could not be sent. Write to the service desk instead."))
        return found


class SettleForm(forms.Form):
    """Who is right, and what the customer is told. A question has no outcome."""

    outcome = forms.ChoiceField(
        label=_("Who is right?"),
        choices=Dispute.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who is right.")},
    )
    answer = forms.CharField(
        label=_("Answer to the customer"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is sent with the ticket, which is resolved."),
        error_messages={"required": _("Say what the customer is told.")},
    )

    def __init__(self, *args: Any, has_line: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_line:
            del self.fields["outcome"]


class WriteOffForm(forms.Form):
    """Why time is not billed."""

    reason = forms.CharField(
        label=_("Why is it not billed?"),
        max_length=300,
        error_messages={"required": _("Say why it is written off.")},
    )
