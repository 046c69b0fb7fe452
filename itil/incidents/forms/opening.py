"""What an agent writes down of a call or a visit."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.desk.forms import ManyFilesField
from itil.services.models import Service
from itil.tickets.models import Category, Channel, Level
from portal.people.models import Team, User


class NewIncidentForm(forms.Form):
    """A call or a visitor at the desk, written down by an agent."""

    requester = forms.CharField(
        label=gettext_lazy("Who has the problem?"),
        help_text=gettext_lazy("E-mail address, or the name when there is only one such person."),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    title = forms.CharField(label=gettext_lazy("Subject"), max_length=250)
    text = forms.CharField(
        label=gettext_lazy("What happened?"), widget=forms.Textarea(attrs={"rows": 5})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How did it reach you?"),
        choices=[
            (Channel.PHONE, Channel.PHONE.label),
            (Channel.DESK, Channel.DESK.label),
            (Channel.MAIL, Channel.MAIL.label),
        ],
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.filter(active=True), required=False
    )
    impact = forms.TypedChoiceField(
        label=gettext_lazy("Impact"), choices=Level.choices, coerce=int, initial=Level.LOW
    )
    urgency = forms.TypedChoiceField(
        label=gettext_lazy("Urgency"), choices=Level.choices, coerce=int, initial=Level.MEDIUM
    )
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.filter(active=True),
        required=False,
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.active(),
        required=False,
        help_text=gettext_lazy("Left empty, the team of the service gets it."),
    )
    attachments = ManyFilesField(label=gettext_lazy("Files"), required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_requester(self):
        typed = self.cleaned_data["requester"].strip()
        people = User.objects.visible_to(self.user).active()
        found = list(people.with_address(typed)[:1]) or list(people.filter(name__iexact=typed)[:2])
        if not found:
            raise forms.ValidationError(
                _("Nobody is known as “%(typed)s”. Enter the e-mail address as it is on file."),
                params={"typed": typed},
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("There is more than one “%(typed)s”. Enter the e-mail address."),
                params={"typed": typed},
            )
        return found[0]
