"""The PDF of a version that was sent: for staff, for the customer signed in, and by the link."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from billing.estimates import actions
from billing.estimates.links import Invitation
from billing.estimates.models import Estimate
from billing.estimates.tasks import print_estimate
from billing.invoices.errors import DamagedDocument
from billing.invoices.views.files import being_printed, file_response
from portal.ui.pages import DutyPage, RecordMixin

from .invited import LINK_FRAME, PORTAL_FRAME, by_link
from .record import EstimateRecord


class Pdf(EstimateRecord, DutyPage, RecordMixin, View):
    """For staff."""

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        if not self.record.is_frozen:
            raise Http404
        content = _content_of(self.record)
        if content is None:
            title = _("Estimate %(number)s") % {"number": self.record}
            return being_printed(request, title=title, back_url=self.record.get_absolute_url())
        return file_response(content, _file_name(self.record))


@never_cache
@login_required
@require_safe
def own_pdf(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """For the contact, signed in."""
    estimate = get_object_or_404(Estimate.objects.addressed_to(request.user), uuid=uuid)
    return _paper(request, estimate, PORTAL_FRAME)


@never_cache
@require_safe
@by_link
def pdf_by_link(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """For whoever holds the link of the mail."""
    response = _paper(request, invitation.estimate, LINK_FRAME)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _paper(request: HttpRequest, estimate: Estimate, frame: str) -> HttpResponse:
    """The file for the customer, or the page that waits for it."""
    content = _content_of(estimate)
    if content is None:
        return being_printed(
            request,
            "billing/estimates/printing.html",
            page_frame=frame,
            seller=estimate.seller_details,
        )
    return file_response(content, _file_name(estimate))


def _content_of(estimate: Estimate) -> bytes | None:
    """The stored file; None when a worker has yet to make it. Raises Http404 when it is damaged."""
    if not estimate.pdf and actions.request_pdf(estimate, at=timezone.now()):
        print_estimate.enqueue(estimate.pk)
        estimate.refresh_from_db()
    if not estimate.pdf:
        return None
    try:
        return estimate.read_pdf()
    except DamagedDocument as problem:
        raise Http404 from problem


def _file_name(estimate: Estimate) -> str:
    return f"{estimate.number}-v{estimate.version}"
