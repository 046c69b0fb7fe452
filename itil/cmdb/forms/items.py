"""The columns of an item, and what its steps ask."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, Criticality, Environment, ItemClass
from itil.fields.answers import locations_for
from portal.people.models import Organization, Team, User

PERSON_HINT = _("E-mail address, or the name when there is only one such person.")


class PersonField(forms.CharField):
    """A person by e-mail address or name, among those whom `person` may see."""

    default_error_messages = {
        "unknown": _("Nobody is known as “%(typed)s”. Enter the e-mail address as it is on file."),
        "several": _("There is more than one “%(typed)s”. Enter the e-mail address."),
    }

    def __init__(self, **options):
        super().__init__(max_length=254, **options)
        self.person: User | None = None
        self.widget.attrs |= {"autocomplete": "off", "list": "people"}

    def prepare_value(self, value):
        return value.email if isinstance(value, User) else value

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        people = User.objects.visible_to(self.person).active()
        found = list(people.with_address(typed)[:1]) or list(people.filter(name__iexact=typed)[:2])
        if len(found) == 1:
            return found[0]
        code = "several" if found else "unknown"
        raise forms.ValidationError(self.error_messages[code], code=code, params={"typed": typed})


def _ask_as(field: PersonField, name: str, by: User) -> None:
    """Let the field offer the people whom `by` may see while a name is typed."""
    field.person = by
    field.widget.attrs |= {
        "hx-get": f"{reverse('fields:people')}?name={name}",
        "hx-trigger": "input changed delay:200ms",
        "hx-target": "#people",
        "hx-sync": "this:replace",
    }


class PlaceField(forms.ModelChoiceField):
    """A location with the organization that it belongs to."""

    def label_from_instance(self, place):
        return f"{place.name} ({place.organization})"


class ItemForm(forms.Form):
    """What every item has; the questions of its class are a form of their own beside it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    item_class = forms.ModelChoiceField(
        label=_("Class"), queryset=ItemClass.objects.filter(active=True)
    )
    organization = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Organization.objects.active()
    )
    criticality = forms.TypedChoiceField(
        label=_("Criticality"), choices=Criticality.choices, coerce=int, initial=Criticality.LOW
    )
    environment = forms.ChoiceField(
        label=_("Environment"), choices=[("", _("None")), *Environment.choices], required=False
    )
    team = forms.ModelChoiceField(
        label=_("Looked after by"), queryset=Team.objects.active(), required=False
    )
    owner = PersonField(label=_("Owner"), required=False, help_text=PERSON_HINT)
    location = PlaceField(label=_("Location"), queryset=None, required=False)
    asset_tag = forms.CharField(label=_("Inventory number"), max_length=60, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=100, required=False)
    vendor = forms.CharField(label=_("Vendor"), max_length=120, required=False)
    purchased_on = forms.DateField(
        label=_("Bought on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    warranty_until = forms.DateField(
        label=_("Warranty until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cost = forms.DecimalField(
        label=_("Cost"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    currency = forms.CharField(
        label=_("Currency"), max_length=3, min_length=3, required=False, initial="EUR"
    )

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_as(self.fields["owner"], "owner", by)
        places = locations_for(by).select_related("organization")
        self.fields["location"].queryset = places

    def clean_currency(self):
        return self.cleaned_data["currency"].upper()


def values_of(item: ConfigurationItem) -> dict:
    """What the form begins with for an item that is known."""
    return {name: getattr(item, name) for name in ItemForm.base_fields}


class NewItemForm(ItemForm):
    """The same for a new item, whose class was chosen before."""

    status = forms.ChoiceField(
        label=_("Status"),
        choices=[
            (str(status), status.label)
            for status in (Status.PLANNED, Status.IN_STOCK, Status.IN_USE)
        ],
        initial=str(Status.IN_STOCK),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["item_class"]


class NoteForm(forms.Form):
    """Why a step is taken."""

    note = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class HandOverForm(forms.Form):
    """Who gets the item."""

    person = PersonField(label=_("Who gets it?"), help_text=PERSON_HINT)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args, by: User, **kwargs):
        super().__init__(*args, **kwargs)
        _ask_as(self.fields["person"], "person", by)
        self.fields["person"].error_messages["required"] = _now("Enter who gets the item.")
