"""Parts of paths; importing this registers them."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class RecordNumber(StringConverter):
    """Letters, digits and hyphens; any other sign is in no number, and some no database takes."""

    regex = r"[A-Za-z0-9-]{1,20}"


register_converter(RecordNumber, "record")
