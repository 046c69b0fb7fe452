"""Files that are given as answers, within the limits of attachments."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class AnswerFile:
    """A file as it came in; nothing about it is trusted."""

    name: str
    content: bytes


def read_uploads(uploads: Iterable) -> list[AnswerFile]:
    """Reads no more than the limits allow, however much was sent."""
    kept = [upload for upload in uploads if upload][: settings.ATTACHMENT_MAX_COUNT + 1]
    return [
        AnswerFile(upload.name.replace("\x00", ""), upload.read(settings.ATTACHMENT_MAX_BYTES + 1))
        for upload in kept
    ]


def over_limits(files: list[AnswerFile], count: int, total: int) -> str:
    """Why these files are too large or too many; empty when they are not.

    `count` and `total` (bytes) are those of the whole form, which becomes one message.
    """
    limits = {
        "limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES),
        "total": filesizeformat(settings.ATTACHMENTS_MAX_BYTES),
        "count": settings.ATTACHMENT_MAX_COUNT,
    }
    for file in files:
        if len(file.content) > settings.ATTACHMENT_MAX_BYTES:
            return _("“%(name)s” is larger than %(limit)s. Choose a smaller file") % {
                "name": file.name,
                **limits,
            }
    if files and count > settings.ATTACHMENT_MAX_COUNT:
        return _("Choose fewer files: at most %(count)s in all") % limits
    if files and total > settings.ATTACHMENTS_MAX_BYTES:
        return _("Choose smaller files: at most %(total)s in all") % limits
    return ""
