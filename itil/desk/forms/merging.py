"""Putting two tickets together, taking a part out of one."""

from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.conversation.models import Message
from portal.ui.moments import moment_text


class MergeForm(forms.Form):
    """Confirms a merge into the ticket that the person was shown."""

    into = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Internal note"),
        help_text=gettext_lazy("Why the two are one matter. The requesters do not see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class MessagesField(forms.ModelMultipleChoiceField):
    """Messages to tick, each by its author, its time and its first words."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, message):
        return _("%(name)s, %(time)s: %(text)s") % {
            "name": message.author or _("Service desk"),
            "time": moment_text(message.at, now=timezone.now()),
            "text": Truncator(" ".join(message.text.split())).chars(120) or _("(files only)"),
        }


class SplitForm(forms.Form):
    """What the new ticket is called, and which later messages go with the chosen one."""

    title = forms.CharField(label=gettext_lazy("Subject of the new ticket"), max_length=250)
    later = MessagesField(
        label=gettext_lazy("Copy these later messages too"),
        queryset=Message.objects.none(),
        required=False,
    )

    def __init__(self, *args, later, **kwargs):
        super().__init__(*args, **kwargs)
        if later:
            self.fields["later"].queryset = later
        else:
            del self.fields["later"]
