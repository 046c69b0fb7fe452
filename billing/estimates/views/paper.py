"""The PDF of a version that was sent: for staff, for the customer signed in, and by the link."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.estimates.links import invitation_of
from billing.estimates.models import Estimate
from billing.estimates.tasks import print_estimate
from billing.invoices.errors import DamagedDocument
from portal.ui.pages import DutyPage, RecordMixin

from .record import EstimateRecord


class Pdf(EstimateRecord, DutyPage, RecordMixin, View):
    """For staff."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if not self.record.is_frozen:
            raise Http404
        return _paper(request, self.record)


@never_cache
@login_required
@require_safe
def own_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For the contact, signed in."""
    return _paper(
        request, get_object_or_404(Estimate.objects.addressed_to(request.user), uuid=uuid)
    )


@never_cache
@require_safe
def pdf_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever holds the link of the mail."""
    invitation = invitation_of(token)
    if invitation is None:
        raise Http404
    with translation.override(invitation.person.language or invitation.estimate.language):
        response = _paper(request, invitation.estimate)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _paper(request: HttpRequest, estimate: Estimate) -> HttpResponse:
    """The stored file; when the worker has not made it yet, a page that asks again."""
    if not estimate.pdf:
        print_estimate.enqueue(estimate.pk)
        estimate.refresh_from_db()
    if not estimate.pdf:
        waiting = render(request, "billing/estimates/printing.html", status=202)
        # Without scripts too the page follows when the file is there.
        waiting["Refresh"] = "2"
        return waiting
    try:
        response = HttpResponse(estimate.read_pdf(), content_type="application/pdf")
    except DamagedDocument as problem:
        raise Http404 from problem
    response["Content-Disposition"] = (
        f'inline; filename="{estimate.number}-v{estimate.version}.pdf"'
    )
    response["Cache-Control"] = "private, no-store"
    return response
