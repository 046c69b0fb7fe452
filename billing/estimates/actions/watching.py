"""Telling the customer and the lead before accepted hours run out, and when they have (`BIL-8`)."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.estimates.matching import Use, uses_of
from billing.estimates.models import Estimate, EstimateEvent
from billing.invoices.documents import Wording, spoken_to_customer
from portal.outbox.actions import post
from portal.people.models import Role, User

from .drafting import record

# Percent of the accepted hours or amount, whichever comes first; each told once.
MARKS = (80, 100)


def watch(at: datetime) -> int:
    """Warn of every accepted estimate that has reached a mark; returns how many. Safe to repeat."""
    accepted = (
        Estimate.objects.accepted()
        .filter(warned_at_100=None, ticket__closed_at=None)
        .select_related("ticket", "organization", "sent_to", "decided_by")
        .prefetch_related("lines")
    )
    estimates = list(accepted)
    uses = uses_of(estimates)
    return sum(_warn(estimate, uses[estimate.pk], at) for estimate in estimates)


@transaction.atomic
def _warn(estimate: Estimate, use: Use, at: datetime) -> bool:
    """One mail to each for the highest mark reached, unless it was told."""
    reached = [mark for mark in MARKS if use.has_reached(mark)]
    untold = [mark for mark in reached if getattr(estimate, f"warned_at_{mark}") is None]
    if not untold:
        return False
    names = {f"warned_at_{mark}": at for mark in untold}
    # Compare and set: of two sweeps at once one writes.
    unwarned = Estimate.objects.filter(pk=estimate.pk, **dict.fromkeys(names))
    if not unwarned.update(**names):
        return False
    mark = max(untold)
    record(
        estimate,
        EstimateEvent.Kind.WARNED,
        None,
        at,
        mark=mark,
        minutes=use.minutes,
        used=str(use.net),
    )
    for person in _told(estimate):
        _mail(estimate, use, mark, person)
    return True


def _told(estimate: Estimate) -> list[User]:
    """The contact who accepted, and the leads of the team at work; clerks when it has none."""
    leads = User.objects.filter(
        is_active=True,
        memberships__role=Role.LEAD,
        memberships__team_id=estimate.ticket.team_id,
    )
    clerks = User.objects.filter(is_active=True, memberships__role=Role.BILLING_CLERK)
    inside = list(leads.distinct()) or list(clerks.distinct())
    people = [estimate.decided_by, *inside]
    return [one for one in people if one.email and one.mail_undeliverable_at is None]


def _mail(estimate: Estimate, use: Use, mark: int, reader: User) -> None:
    is_customer = reader.pk == estimate.decided_by_id
    # Who leads the work reads it in the own language, or that of the desk.
    theirs = reader.language or settings.LANGUAGE_CODE
    with spoken_to_customer(estimate.language if is_customer else theirs):
        context = {
            "estimate": estimate,
            "use": use,
            "mark": mark,
            "reader": reader,
            "is_customer": is_customer,
            "url": settings.SITE_URL + estimate.get_absolute_url(),
            "site": settings.WAGTAIL_SITE_NAME,
        }
        percent = Wording.of(get_language()).percent(Decimal(mark))
        words = {"number": estimate, "percent": percent}
        subject = (
            _("Estimate %(number)s is used up") % words
            if mark >= 100
            else _("%(percent)s of estimate %(number)s is used") % words
        )
        text = render_to_string("mail/estimate_warning.txt", context)
    post(
        key=f"estimate:{estimate.pk}:warned:{mark}:{reader.pk}",
        to=reader.email,
        subject=subject,
        text=text.strip() + "\n",
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )
