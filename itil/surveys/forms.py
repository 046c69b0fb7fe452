"""The five faces and the optional questions."""

from typing import NamedTuple

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext_lazy as _

from .models import COMMENT_LENGTH, RECOMMENDATIONS, Praise, Score


class Face(NamedTuple):
    """How one score looks."""

    icon: str


FACES = {
    Score.VERY_BAD: Face(icon="mood-angry"),
    Score.BAD: Face(icon="mood-sad"),
    Score.OKAY: Face(icon="mood-empty"),
    Score.GOOD: Face(icon="mood-smile"),
    Score.GREAT: Face(icon="mood-happy"),
}


class RatingForm(forms.Form):
    """How did we do?"""

    score = forms.TypedChoiceField(
        label=_("Your rating"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the five faces."),
            "invalid_choice": _("Choose one of the five faces."),
        },
    )
    praised = forms.MultipleChoiceField(
        label=_("What went well?"),
        choices=Praise.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recommendation = forms.TypedChoiceField(
        label=_("How likely are you to recommend the service desk to a colleague?"),
        choices=[(number, str(number)) for number in RECOMMENDATIONS],
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose a number from 0 to 10.")},
    )
    comment = forms.CharField(
        label=_("Anything to add?"),
        required=False,
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="rate_%s", **kwargs)
        if not settings.SURVEY_ASKS_RECOMMENDATION:
            del self.fields["recommendation"]

    @property
    def kept_label(self) -> str:
        """The word for the score that was given before; empty for none."""
        score = self.initial.get("score")
        return str(Score(score).label) if score in Score.values else ""

    def faces(self) -> list[tuple[BoundWidget, str]]:
        """The radio buttons, each with the name of its icon."""
        return [
            (radio, face.icon) for radio, face in zip(self["score"], FACES.values(), strict=True)
        ]


class ReopenForm(forms.Form):
    """It was called solved and is not."""

    reason = forms.CharField(
        label=_("What is still wrong?"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is still wrong")},
    )
