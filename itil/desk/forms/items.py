"""Which item a ticket is about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import ItemRole


class AttachForm(forms.Form):
    """Given the items that were found, in `items`."""

    item = forms.ChoiceField(
        label=_("Which one?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Search for the item, then choose it from the list.")},
    )
    role = forms.ChoiceField(label=_("What is it to the ticket?"), choices=ItemRole.choices)

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {str(item.pk): item for item in items}
        self.fields["item"].choices = [
            (key, f"{item.name} · {item.item_class} · {item.number}")
            for key, item in self.items.items()
        ]

    def clean_item(self):
        return self.items[self.cleaned_data["item"]]
