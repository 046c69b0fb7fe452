"""What stands beside the questions of an order."""

import uuid

from django import forms
from django.core import signing
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalog.offerings.models import CatalogItem
from catalog.requests.actions.drafting import MOST_PIECES
from catalog.requests.permissions import may_order_for
from itil.fields.models import FormVersion
from itil.tickets.models import Level
from portal.people.models import User

ME, OTHER = "me", "other"


class PiecesField(forms.IntegerField):
    """How many; nothing written is one."""

    def clean(self, value):
        return super().clean(value or 1)


class OrderForm(forms.Form):
    """Who it is for and how many.

    `shown` says, signed, which version of the form the person has in front of them; `key` names the
    draft it is kept under.
    """

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=_("Who is it for?"),
        choices=[(ME, _("Me")), (OTHER, _("Someone else"))],
        initial=ME,
        required=False,
    )
    person = forms.CharField(
        label=_("Name or e-mail address"), max_length=254, required=False, strip=True
    )
    quantity = PiecesField(
        label=_("How many?"),
        min_value=1,
        max_value=MOST_PIECES,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={
            "invalid": _("Write a whole number such as 2"),
            "min_value": _("Order at least one"),
            "max_value": _("Order at most %(limit_value)s at once"),
        },
    )

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_key(self) -> uuid.UUID:
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean(self):
        found = super().clean()
        found["beneficiary"] = None
        if found.get("who") == OTHER:
            found["beneficiary"] = self._person(found.get("person", ""))
        return found

    def _person(self, typed: str) -> User | None:
        """Whom it is for; None, with the error in its place, when that is not clear."""
        person, text = find_person(typed, self.user)
        if text:
            self.add_error("person", text)
        return person


def find_person(typed: str, user: User) -> tuple[User | None, str]:
    """The person `user` may order for under this name or address, or what is wrong with it."""
    if not typed:
        return None, _now("Write for whom it is")
    people = User.objects.visible_to(user).active()
    found = list(people.with_address(typed)[:1]) or list(people.filter(name__iexact=typed)[:2])
    if len(found) > 1:
        return None, _now("Several people have this name. Write the e-mail address")
    if not found:
        return None, _now("Nobody is known by this name or address. Check it for typing errors")
    if not may_order_for(user, found[0]):
        return None, cannot_order_for(found[0])
    return found[0], ""


def cannot_order_for(person: User) -> str:
    return _now("You cannot order for %(name)s. Ask the service desk to do it") % {
        "name": person.name
    }


class CartForm(forms.Form):
    """What is common to an order of several items."""

    title = forms.CharField(
        label=_("What is it for?"),
        help_text=_("For instance: Everything for Kim's first day. You find the order by it."),
        max_length=250,
        required=False,
    )
    effective_on = forms.DateField(
        label=_("When do you need it?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the date as year-month-day, for instance 2026-11-27")},
    )


class ChangeForm(forms.Form):
    """What stands beside the questions when an order is changed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=MOST_PIECES,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={
            "required": _("Write how many you need"),
            "invalid": _("Write a whole number such as 2"),
            "min_value": _("Order at least one"),
            "max_value": _("Order at most %(limit_value)s at once"),
        },
    )


class AsRequestForm(forms.Form):
    """What stands beside the questions when an order is made of a report."""

    quantity = forms.IntegerField(
        label=_("How many?"),
        min_value=1,
        max_value=MOST_PIECES,
        initial=1,
        required=False,
        widget=forms.NumberInput(attrs={"class": "short"}),
        error_messages={
            "invalid": _("Write a whole number such as 2"),
            "min_value": _("Order at least one"),
            "max_value": _("Order at most %(limit_value)s at once"),
        },
    )

    def clean_quantity(self) -> int:
        return self.cleaned_data["quantity"] or 1


class ToIncidentForm(forms.Form):
    """How bad the fault is that was ordered away, and why it is one."""

    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=Level.choices, coerce=int, initial=Level.LOW
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=Level.choices, coerce=int, initial=Level.MEDIUM
    )
    reason = forms.CharField(
        label=_("Why is this a fault and not an order?"),
        help_text=_("It stands in the history. The requester does not read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


class SendBackForm(forms.Form):
    """What the requester is to correct."""

    note = forms.CharField(
        label=_("What is to be corrected?"),
        help_text=_("The requester reads it, and can change the answers."),
        widget=forms.Textarea(attrs={"rows": 4, "data-focus": ""}),
    )


# --- What a person was shown ----------------------------------------------------------------------

_SALT = "catalog.requests.shown"


def shown_token(item: CatalogItem, version: FormVersion | None, user: User) -> str:
    """Says, signed, that this person was shown this item with this version of its form."""
    return signing.dumps([item.pk, version and version.pk, user.pk], salt=_SALT)


def read_token(token: str, user: User) -> tuple[int, int | None] | None:
    """The item and the version of its form that the person was shown; None when it says nothing."""
    try:
        item, version, shown_to = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return (item, version) if shown_to == user.pk else None
