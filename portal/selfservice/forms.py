"""What people fill in at the employees' door; meaning is checked by the verbs."""

import uuid

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from itil.conversation.files import NewFile, within_limits
from itil.services.models import Service
from itil.tickets.models import Level
from knowledgebase.models import ArticlePage

from .querysets import requests_of

TITLE_LENGTH = 250
TEXT_LENGTH = 20_000


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Any number of files within the limits; gives a list of `NewFile`."""

    widget = FilesInput(attrs={"multiple": True})

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def widget_attrs(self, widget):
        return {"data-files": ""}

    def clean(self, value):
        """Reads no more than the limits allow, however much was sent."""
        uploads = [upload for upload in value or [] if upload]
        files = [
            NewFile(upload.name, upload.read(settings.ATTACHMENT_MAX_BYTES + 1))
            for upload in uploads[: settings.ATTACHMENT_MAX_COUNT + 1]
        ]
        kept, refused = within_limits(files)
        if refused:
            raise forms.ValidationError(refused)
        return kept


class FilesMixin(forms.Form):
    """A form that takes files and is safe to send twice."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    files = FilesField(label=_("Files"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4
        self.fields["files"].help_text = _("Up to %(count)s files, %(size)s each") % {
            "count": settings.ATTACHMENT_MAX_COUNT,
            "size": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
        }

    def clean_key(self):
        return self.cleaned_data["key"] or uuid.uuid4()


class ReportForm(FilesMixin):
    """Something is broken. Three questions; everything else is known or found out by the desk."""

    title = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("In a few words, for instance: cannot print on the second floor"),
        max_length=TITLE_LENGTH,
        error_messages={"required": _("Say in a few words what is wrong")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("What did you want to do, what did you see, since when?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Describe what happened")},
    )
    urgency = forms.TypedChoiceField(
        label=_("How much does it stop you?"),
        coerce=int,
        choices=[
            (Level.HIGH, _("My work has stopped")),
            (Level.MEDIUM, _("I can go on, with difficulty")),
            (Level.LOW, _("It can wait")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose how much it stops you")},
    )
    service = forms.ModelChoiceField(
        label=_("What is it about?"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("I do not know"),
    )
    article = forms.ModelChoiceField(
        queryset=ArticlePage.objects.none(), required=False, widget=forms.HiddenInput
    )
    # Whether answers stood beside what was typed.
    offered = forms.BooleanField(required=False, widget=forms.HiddenInput)
    after = forms.ModelChoiceField(
        queryset=None, required=False, to_field_name="number", widget=forms.HiddenInput
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.filter(active=True)
        self.fields["article"].queryset = ArticlePage.objects.visible_to(user).defer("body")
        self.fields["after"].queryset = requests_of(user)


class LabelForm(FilesMixin):
    """A problem with the item whose code was scanned. `problems` are the usual ones of its class;
    a `visitor` without sign-in says who it is.
    """

    problem = forms.ChoiceField(
        label=_("What is wrong?"),
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    text = forms.CharField(
        label=_("What happened?"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is wrong")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send you the number, and tell you when it is repaired."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    # Left empty by people, who do not see it; programs fill in what they find.
    website = forms.CharField(required=False, widget=forms.HiddenInput)

    OTHER = "-"

    def __init__(self, *args, problems, is_visitor, **kwargs):
        super().__init__(*args, **kwargs)
        if problems:
            named = [(problem, problem) for problem in problems]
            self.fields["problem"].choices = [*named, (self.OTHER, _("Another problem"))]
        else:
            # Without any to choose, words are all that there is.
            del self.fields["problem"]
            self.fields["text"].required = True
        if not is_visitor:
            for name in ("name", "email", "phone", "website"):
                del self.fields[name]

    def clean(self):
        found = super().clean()
        chosen = found.get("problem", "")
        found["problem"] = "" if chosen == self.OTHER else chosen
        says_nothing = "text" in found and not found["text"].strip()
        if "problem" in self.fields and not found["problem"] and says_nothing:
            self.add_error("text", _("Say what is wrong"))
        if found.get("website"):
            self.add_error(None, _("This could not be sent. Write to the service desk instead."))
        return found


class AnswerForm(forms.Form):
    """An answer at the form `key`, with what had been typed there."""

    key = forms.UUIDField()
    q = forms.CharField(required=False, max_length=TITLE_LENGTH)
    article = forms.ModelChoiceField(queryset=ArticlePage.objects.none())

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["article"].queryset = ArticlePage.objects.visible_to(user).defer("body")

    def clean(self):
        found = super().clean()
        found["query"] = found.pop("q", "")
        return found


class CommentForm(FilesMixin):
    """One more message."""

    text = forms.CharField(
        label=_("Write a message"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        found = super().clean()
        if "files" in found and not found["files"] and not found.get("text"):
            self.add_error("text", _("Write a message or choose a file"))
        return found


class WithdrawForm(forms.Form):
    """No longer needed, before anybody has started."""

    reason = forms.CharField(
        label=_("Why is it no longer needed?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is no longer needed")},
    )
