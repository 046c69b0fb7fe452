"""How two records are related."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.desk.actions.linking import BY_HAND
from itil.tickets.models import LinkType

ABOVE, BELOW = "parent", "child"


def ways() -> list[tuple[str, str]]:
    """How the first record can be related to the second one, as it reads from the first."""
    found = [
        (ABOVE, str(gettext_lazy("part of (it is resolved with that one)"))),
        (BELOW, str(gettext_lazy("has as a part (resolves that one with it)"))),
    ]
    for type in BY_HAND:
        found.append((type.value, str(type.label)))
        if type != LinkType.RELATED:
            found.append((f"inverse:{type.value}", type.inverse_label))
    return found


class RelateForm(forms.Form):
    """The record that was found, and how the two are related."""

    to = forms.CharField(widget=forms.HiddenInput)
    how = forms.ChoiceField(label=gettext_lazy("How are they related?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = ways()
        self.initial.setdefault("how", LinkType.RELATED.value)
