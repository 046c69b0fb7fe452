"""How files are asked for."""

from django import forms
from django.conf import settings

from .files import NewFile, within_limits


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files within the limits of a message; gives a list of NewFile."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        files = [
            NewFile(upload.name, upload.read())
            if upload.size <= settings.ATTACHMENT_MAX_BYTES
            # Not read into memory: the limit refuses it by its size alone.
            else NewFile(upload.name, b"\0" * (settings.ATTACHMENT_MAX_BYTES + 1))
            for upload in uploads
        ]
        kept, refused = within_limits(files)
        if refused:
            raise forms.ValidationError(refused)
        return kept
