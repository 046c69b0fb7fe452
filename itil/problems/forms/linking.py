"""Incidents to choose, and what is told or done with them."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket
from portal.people.models import Team
from portal.ui.moments import moment_text


class TicketsField(forms.ModelMultipleChoiceField):
    """Tickets to tick; many say the same, so who reported it and how it stands are told too."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj):
        received = moment_text(obj.received_at, now=timezone.now())
        parts = (obj.number, obj.title, obj.requester, obj.status_label, received)
        return " · ".join(str(part) for part in parts)


class LinkForm(forms.Form):
    """Given the incidents that were found, in `found`."""

    incidents = TicketsField(
        label=_("Which ones does it cause?"),
        queryset=Ticket.objects.none(),
        error_messages={"required": _("Search for incidents, then tick those it causes.")},
    )

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["incidents"].queryset = found.select_related("requester")


class PublishForm(forms.Form):
    """Whom a workaround is told; `shown` are the incidents of the page, by their keys."""

    audience = forms.ChoiceField(
        label=_("Who reads it?"),
        choices=(
            ("public", _("The requesters: a public reply on each incident")),
            ("internal", _("Only the desk: an internal note on each incident")),
        ),
        widget=forms.RadioSelect,
    )
    resumes = forms.BooleanField(
        label=_("Go on with the incidents that wait for this problem"), required=False
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_shown(self):
        text = self.cleaned_data["shown"]
        return [int(key) for key in text.split(",") if key.isascii() and key.isdigit()]


class SolveForm(forms.Form):
    """The offered incidents that are to be resolved."""

    incidents = TicketsField(
        label=_("Which ones are solved?"),
        queryset=Ticket.objects.none(),
        error_messages={"required": _("Tick the incidents that are solved.")},
    )
    note = forms.CharField(
        label=_("What was done"),
        help_text=_("The requesters get this by e-mail."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["incidents"].queryset = offered.select_related("requester")
        self.fields["incidents"].initial = offered


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it no problem?"),
        help_text=_("It is not proposed again."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FromCandidateForm(forms.Form):
    title = forms.CharField(label=_("Subject"), max_length=250)
    symptoms = forms.CharField(
        label=_("Symptoms"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.filter(active=True), required=False
    )
