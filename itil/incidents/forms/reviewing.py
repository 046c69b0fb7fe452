"""The review of a major incident as a form."""

from django import forms
from django.utils.translation import gettext_lazy

from itil.incidents.models import MajorReview


class MomentsField(forms.MultipleChoiceField):
    """Lines of the history to tick."""

    widget = forms.CheckboxSelectMultiple


class ReviewForm(forms.Form):
    """What happened, why, and what is done about it; with the lines that make its timeline."""

    what_happened = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    causes = forms.CharField(
        label=gettext_lazy("Causes"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    actions = forms.CharField(
        label=gettext_lazy("What we do about it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    no_problem_reason = forms.CharField(
        label=gettext_lazy("Why no problem is linked"),
        help_text=gettext_lazy("Only when nobody needs to look for the cause any further."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    moments = MomentsField(label=gettext_lazy("Timeline"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, review: MajorReview | None, moments, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["moments"].choices = moments
        self.initial = {"version": review.version if review else 0}
        if review is not None:
            names = ("what_happened", "causes", "actions", "no_problem_reason")
            picked = review.moments.all()
            self.initial |= {name: getattr(review, name) for name in names}
            self.initial["moments"] = [
                f"e{moment.event_id}" if moment.event_id else f"m{moment.message_id}"
                for moment in picked
            ]
