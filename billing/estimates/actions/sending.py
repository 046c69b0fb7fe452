"""An estimate goes to the customer: from then on it is frozen, and waits for an answer."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.estimates.lifecycle import ANSWERABLE_AGAIN, ESTIMATE, State
from billing.estimates.links import token_for
from billing.estimates.models import Estimate, EstimateEvent
from billing.estimates.permissions import may_decide, may_prepare
from billing.invoices.documents import details_of, spoken_to_customer
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed
from itil.timesheets.hours import business_date
from portal.outbox.actions import post
from portal.people.models import User

from .drafting import issuing_seller, locked, record


@transaction.atomic
def send(estimate: Estimate, *, to: User, by: User, at: datetime) -> Estimate:
    """Mail a link to `to` and freeze the estimate; earlier versions are superseded.

    Raises NotAllowed, MoveNotAllowed when it was sent already, MissingValue (to, valid_until).
    """
    estimate = locked(estimate)
    if not may_prepare(by, estimate.ticket):
        raise NotAllowed(_("Only billing clerks and the lead of the team send estimates."))
    if ESTIMATE.find("send", estimate.state) is None:
        raise MoveNotAllowed(_("%(estimate)s has been sent already.") % {"estimate": estimate})
    if not may_decide(to, estimate):
        raise MissingValue(
            "to",
            _("Choose a person of %(customer)s who may accept estimates.")
            % {"customer": estimate.organization.name},
        )
    if not to.email or to.mail_undeliverable_at is not None:
        raise MissingValue(
            "to", _("Mail to %(name)s comes back. Choose somebody else.") % {"name": to.name}
        )
    if estimate.valid_until < business_date(at):
        raise MissingValue("valid_until", _("It is no longer valid. Give it a later last day."))
    estimate.seller_details, estimate.buyer_details = details_of(
        issuing_seller(), estimate.organization
    )
    estimate.state, estimate.sent_at, estimate.sent_to = State.SENT, at, to
    estimate.save()
    record(estimate, EstimateEvent.Kind.SENT, by, at, to=to.name)
    _supersede_others(estimate, at)
    _mail(estimate, to)
    return estimate


def _supersede_others(estimate: Estimate, at: datetime) -> None:
    """What an earlier version was accepted for no longer binds anyone."""
    others = (
        Estimate.objects.select_for_update(of=("self",))
        .filter(number=estimate.number, state__in=ANSWERABLE_AGAIN)
        .exclude(pk=estimate.pk)
    )
    for other in others:
        other.state = State.SUPERSEDED
        other.save()
        record(other, EstimateEvent.Kind.SUPERSEDED, None, at, superseded_by=estimate.version)


def _mail(estimate: Estimate, to: User) -> None:
    token = token_for(estimate, to)
    link = settings.SITE_URL + reverse("estimates:answer", args=[token])
    with spoken_to_customer(estimate.language):
        context = {
            "estimate": estimate,
            "reader": to,
            "link": link,
            "pdf_link": settings.SITE_URL + reverse("estimates:answer-pdf", args=[token]),
            "site": settings.WAGTAIL_SITE_NAME,
        }
        subject = _("Estimate %(number)s: %(title)s") % {
            "number": estimate,
            "title": estimate.title,
        }
        text = render_to_string("mail/estimate.txt", context)
        html = render_to_string("mail/estimate.html", context)
    post(
        key=f"estimate:{estimate.pk}:sent",
        to=to.email,
        subject=subject,
        text=text.strip() + "\n",
        html=html,
        headers={"X-Auto-Response-Suppress": "All"},
    )
