"""What approvers and requesters write; meaning is checked by the verbs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .voting import Decision

TEXT_LENGTH = 4000


def _text(label, **options):
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        **options,
    )


class VoteForm(forms.Form):
    """A decision. The button says which; what is needed for it is the verb's business."""

    decision = forms.ChoiceField(choices=Decision.choices, widget=forms.HiddenInput)
    reason = _text(_("Why?"), required=False, help_text=_("The requester reads this."))
    note = _text(
        _("For the other approvers and the service desk only"),
        required=False,
    )


class AskForm(forms.Form):
    text = _text(
        _("Your question"),
        error_messages={"required": _("Write your question.")},
        help_text=_("The requester gets it by mail. Nobody's time to decide runs meanwhile."),
    )


class AnswerForm(forms.Form):
    text = _text(_("Your answer"), error_messages={"required": _("Write your answer.")})
