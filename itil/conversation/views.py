"""Handing out the files of messages."""

import uuid as uuid_module

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .files import INLINE_TYPES
from .models import Attachment, StoredFile

# Even a picture is only looked at: no scripts, no styles, no forms, nothing loaded.
POLICY = "default-src 'none'; sandbox"


@login_required
@require_safe
def attachment(request: HttpRequest, uuid: uuid_module.UUID) -> HttpResponseBase:
    """The file, for those who may read its message; for everybody else it does not exist.

    Pictures that browsers cannot be tricked with are shown, everything else is a download with
    the type found in its content. Quarantined files are handed out to nobody (`MAI-11`).
    """
    return handed_out(get_object_or_404(Attachment.objects.visible_to(request.user), uuid=uuid))


def handed_out(found: StoredFile) -> HttpResponseBase:
    """The file for somebody who may have it, or the reason why nobody gets it."""
    if found.is_quarantined:
        return _gone(_("This file was locked away because it could do harm."))
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        return _gone(_("This file is no longer stored."))
    is_picture = found.content_type in INLINE_TYPES
    response = FileResponse(
        content,
        as_attachment=not is_picture,
        filename=found.name,
        content_type=found.content_type,
    )
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _gone(text: str) -> HttpResponse:
    response = HttpResponse(text, status=410, content_type="text/plain; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    return response
