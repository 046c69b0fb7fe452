"""A new problem."""

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from itil.tickets.models import Category, Level
from portal.people.models import Team


class NewProblemForm(forms.Form):
    title = forms.CharField(label=_("Subject"), max_length=250)
    symptoms = forms.CharField(
        label=_("Symptoms"),
        help_text=_("How people notice it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.filter(active=True), required=False
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=Category.objects.filter(active=True).select_related("parent"),
        required=False,
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"),
        choices=[("", _("As the service says")), *Level.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"), choices=Level.choices, coerce=int, initial=Level.MEDIUM
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.filter(active=True), required=False
    )
