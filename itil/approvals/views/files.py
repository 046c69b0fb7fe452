"""Handing out the files of a matter to those who decide on it (`APP-10`)."""

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from itil.approvals.models import Vote


@login_required
@require_safe
def open_file(request: HttpRequest, uuid: str, number: int) -> FileResponse:
    """File `number` of the matter, counted from 1; for voters only while their vote counts."""
    votes = Vote.objects.visible_to(request.user, timezone.now()).live()
    vote = get_object_or_404(votes.with_matter(), uuid=uuid)
    files = vote.step.process.about.files
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    try:
        content = default_storage.open(file.path, "rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
