"""What the steps of a change ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.changes.lifecycle import Outcome
from itil.changes.models import Change
from portal.people.models import User
from portal.ui.fields import MomentField


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **more)


class ReasonForm(forms.Form):
    """A step that asks why."""

    reason = _text(_("Why?"))


class StartForm(forms.Form):
    """Inside its window nothing has to be said."""

    note = _text(
        _("Note"),
        required=False,
        help_text=_("Needed outside its window, which only a change manager may do."),
    )


class SpokenForm(forms.Form):
    """Who said yes, when and how."""

    verbal_authoriser = forms.ModelChoiceField(
        label=_("Who authorized it?"), queryset=User.objects.none()
    )
    verbal_at = MomentField(label=_("When?"))
    verbal_note = _text(_("What was said, and how?"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = User.objects.active().filter(memberships__isnull=False) | (
            User.objects.active().filter(board_seats__isnull=False)
        )
        self.fields["verbal_authoriser"].queryset = people.distinct().order_by("name", "pk")


class FinishForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = _text(_("What was done, and how did it go?"))
    items_updated = forms.BooleanField(
        label=_("The changed items are described as they are now"), required=False
    )


FORMS: dict[str, type[forms.Form]] = {
    "send_back": ReasonForm,
    "ask_again": ReasonForm,
    "cancel": ReasonForm,
    "hold": ReasonForm,
    "start": StartForm,
    "start_unapproved": SpokenForm,
    "finish": FinishForm,
}


def form_for(verb: str, change: Change, **kwargs: Any) -> forms.Form:
    """The form of a step; an empty one where nothing is asked."""
    return FORMS.get(verb, forms.Form)(**kwargs)
