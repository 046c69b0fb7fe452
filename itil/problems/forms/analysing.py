"""Symptoms, causes, workarounds and the review."""

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.problems.models import Branch

TEXT = {"rows": 4}


def _text(label, help_text="", *, rows=4):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class AnalysisForm(forms.Form):
    """`version` is that of the problem the person was shown."""

    symptoms = _text(_("Symptoms"), _("How people notice it."))
    root_cause = _text(_("Root cause"))
    is_detail_unknown = forms.BooleanField(
        label=_("The cause is identified, its details are unknown"), required=False
    )
    fix_plan = _text(_("Fix plan"), _("How the cause is taken away. A linked change will do, too."))
    version = forms.IntegerField(widget=forms.HiddenInput)


class KnownErrorForm(forms.Form):
    """Declares a known error."""

    symptoms = _text(_("Symptoms"), _("How people notice it. The draft of the article shows them."))
    root_cause = _text(_("Root cause"))
    is_detail_unknown = forms.BooleanField(
        label=_("The cause is identified, its details are unknown"), required=False
    )


class WorkaroundForm(forms.Form):
    text = forms.CharField(
        label=_("What people can do until it is fixed"),
        help_text=_("Saved as a new version. Nobody is told before you publish it."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ReviewForm(forms.Form):
    """`version` is that of the problem the person was shown."""

    went_well = _text(_("What went well"))
    went_badly = _text(_("What went badly"))
    lessons = _text(_("Lessons"), _("What is done differently from now on."))
    version = forms.IntegerField(widget=forms.HiddenInput)


class WhyForm(forms.Form):
    """One row; a row without texts is left out."""

    question = forms.CharField(label=_("Why?"), max_length=300, required=False)
    answer = forms.CharField(label=_("Because"), max_length=500, required=False)


class CauseForm(forms.Form):
    """One possible cause; a row without a text is left out."""

    branch = forms.ChoiceField(label=_("Where"), choices=Branch.choices)
    text = forms.CharField(label=_("Possible cause"), max_length=300, required=False)
    is_confirmed = forms.TypedChoiceField(
        label=_("Found"),
        choices=(("", _("Not looked at")), ("yes", _("Confirmed")), ("no", _("Ruled out"))),
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )


# Five rows at least, as many as the method is named after.
WhyFormSet = forms.formset_factory(WhyForm, extra=3, min_num=2, max_num=12, absolute_max=40)
CauseFormSet = forms.formset_factory(CauseForm, extra=3, max_num=60, absolute_max=100)
