"""A list of items as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from itil.cmdb.parse import KEYS

# Two thousand lines are far smaller.
LARGEST = 3 * 1024 * 1024


class UploadForm(forms.Form):
    """The file, and the column by which known items are found."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, with the names of the columns in its first line."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    key = forms.ChoiceField(
        label=_("Known items are found by"),
        choices=[("", _("the first of these that the file has")), *KEYS.items()],
        required=False,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("Choose a file smaller than 3 MB, or import it in parts.")
            )
        return file
