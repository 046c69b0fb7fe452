"""The customer reads an estimate and answers: by the link of the mail, or signed in."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from billing.estimates import actions
from billing.estimates.forms import AnswerForm
from billing.estimates.lifecycle import State
from billing.estimates.links import Invitation
from billing.estimates.models import Estimate
from billing.estimates.permissions import may_decide
from itil.tickets.errors import Refused
from itil.timesheets.hours import business_date
from portal.people.models import User
from portal.ui.pages import ListPage
from portal.ui.tables import Column

from .invited import LINK_FRAME, PORTAL_FRAME, by_link

THANKS = {
    State.ACCEPTED: _lazy("Thank you. The estimate is accepted."),
    State.REJECTED: _lazy("Thank you. We have your answer."),
}


@dataclass(frozen=True)
class Page:
    """What differs between the link and the portal: the frame of the page, and where its PDF is."""

    frame: str
    pdf_url: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answer_by_link(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Looking changes nothing but that it was seen; a button answers."""
    page = Page(LINK_FRAME, reverse("estimates:answer-pdf", args=[token]))
    return _answered(request, invitation.estimate, invitation.person, page)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same, signed in."""
    addressed = Estimate.objects.addressed_to(request.user)
    estimate = get_object_or_404(
        addressed.select_related("organization", "ticket", "created_by"), uuid=uuid
    )
    page = Page(PORTAL_FRAME, reverse("estimates:reply-pdf", args=[uuid]))
    return _answered(request, estimate, request.user, page)


class Addressed(ListPage):
    """What was sent to the organization of a contact who may accept estimates."""

    template_name = "billing/estimates/addressed.html"
    default_sort = "-sent"
    columns = (
        Column("number", _lazy("Number"), sort="number"),
        Column("title", _lazy("Estimate"), sort="title"),
        Column("sent", _lazy("Sent"), sort="sent_at", value="sent_at"),
        Column("until", _lazy("Valid until"), sort="valid_until", value="valid_until"),
        Column("state", _lazy("State"), sort="state", value="get_state_display"),
        Column("total", _lazy("Total"), css="r", value="total"),
    )

    def get_queryset(self):
        return Estimate.objects.addressed_to(self.request.user).select_related("ticket")

    def get(self, request, *args, **kwargs):
        if not request.user.can_approve_cost:
            raise Http404
        return super().get(request, *args, **kwargs)


def _answered(request: HttpRequest, estimate: Estimate, person: User, page: Page) -> HttpResponse:
    """Shows it, or carries the answer out and leads back to it."""
    show = partial(_show, request, estimate, person, page)
    now = timezone.now()
    if request.method != "POST":
        if request.method == "GET":
            actions.note_seen(estimate, by=person, at=now)
        return show(AnswerForm())
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return show(form, status=422)
    verb = {"accept": actions.accept, "reject": actions.reject}[form.cleaned_data["answer"]]
    try:
        answered = verb(
            estimate,
            by=person,
            at=now,
            note=form.cleaned_data["note"],
            address=get_adapter(request).get_client_ip(request),
        )
    except Refused as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
        estimate.refresh_from_db()
        return show(form, status=409)
    # Said now: it is stored after the language of the estimate has ended.
    messages.success(request, str(THANKS[State(answered.state)]))
    return HttpResponseRedirect(request.path, status=303)


def _show(
    request: HttpRequest,
    estimate: Estimate,
    person: User,
    page: Page,
    form: AnswerForm,
    status: int = 200,
) -> HttpResponse:
    today = business_date(timezone.now())
    is_open = estimate.state == State.SENT and estimate.valid_until >= today
    context = {
        "estimate": estimate,
        "lines": estimate.lines.order_by("position"),
        "person": person,
        "page_frame": page.frame,
        "seller": estimate.seller_details,
        "pdf_url": page.pdf_url,
        "form": form,
        "is_open": is_open,
        "may_decide": is_open and may_decide(person, estimate),
        "newer": Estimate.objects.filter(number=estimate.number, version__gt=estimate.version)
        .exclude(state=State.DRAFT)
        .exists(),
    }
    return render(request, "billing/estimates/answer.html", context, status=status)
