"""Stored files that must stay what they were."""

import hashlib

from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from billing.invoices.errors import DamagedDocument


def checked(stored: FieldFile, sha256: str) -> bytes:
    """A stored file, if it is still the one with this hash. Raises DamagedDocument."""
    try:
        with stored.open("rb") as file:
            content = bytes(file.read())
    except (OSError, ValueError) as problem:
        raise DamagedDocument(_("The stored file cannot be read.")) from problem
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedDocument(_("The stored file is not the one that was issued."))
    return content
