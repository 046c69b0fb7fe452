"""How an item is related to another one, or to a service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.cmdb.models import ConfigurationItem, RelationType
from itil.services.models import Service, ServiceOffering

_INVERSE = "inverse:"


def _choices():
    """Each type as it reads from this item, then as it reads from the other end."""
    forward = [(str(kind), kind.label) for kind in RelationType]
    backward = [
        (f"{_INVERSE}{kind}", kind.inverse_label)
        for kind in RelationType
        if kind not in (RelationType.PROVIDES, RelationType.CONNECTED_TO)
    ]
    return [(_("This item"), forward), (_("The other way round"), backward)]


class RelateForm(forms.Form):
    """Given what was found by the search, in `targets`."""

    type = forms.ChoiceField(label=_("This item …"), choices=_choices)
    target = forms.ChoiceField(
        label=_("… which one?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Search for it, then choose it from the list.")},
    )
    passes_failure = forms.BooleanField(
        label=_("A failure of one is a failure of the other"),
        help_text=_("Only of what is connected."),
        required=False,
    )

    def __init__(self, *args, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self.targets = {key_of_target(target): target for target in targets}
        self.fields["target"].choices = [
            (key, words_of_target(target)) for key, target in self.targets.items()
        ]

    def clean(self):
        found = super().clean()
        if "target" in found:
            found["target"] = self.targets[found["target"]]
        kind = found.get("type", "")
        found["is_inverse"] = kind.startswith(_INVERSE)
        found["type"] = kind.removeprefix(_INVERSE)
        return found


def key_of_target(target) -> str:
    """How the form names an item, a service or an offering."""
    kinds = {ConfigurationItem: "item", Service: "service", ServiceOffering: "offering"}
    return f"{kinds[type(target)]}-{target.pk}"


def words_of_target(target) -> str:
    if isinstance(target, ConfigurationItem):
        return f"{target.name} · {target.item_class} · {target.organization} · {target.number}"
    if isinstance(target, Service):
        return _("Service: %(name)s") % {"name": target.name}
    return _("Offering: %(name)s") % {"name": str(target)}
