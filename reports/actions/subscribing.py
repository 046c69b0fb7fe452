"""Scheduled reports are made, changed, paused, tried and released. Imports no pandas."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, NotAllowed
from portal.outbox.models import OutgoingMail
from portal.people.models import User
from reports.models import Dashboard, DeliveredFile, ReportDelivery, ReportSubscription
from reports.permissions import may_schedule_reports
from reports.querysets import OWN

from .narrowing import is_customer_report, share_of
from .timing import latest_due

State = ReportDelivery.State


@transaction.atomic
def subscribe(
    *, by: User, at: datetime, recipients: Sequence[User], **fields: Any
) -> ReportSubscription:
    """Make a scheduled report; the first one is due at the next of its days.

    Raises NotAllowed, MissingValue (organization, team, recipients).
    """
    _ensure_may(by)
    made = ReportSubscription(owner=by, created_at=at, since=at, **fields)
    _ensure_fits(made, by, recipients)
    made.save()
    made.recipients.set(recipients)
    return made


@transaction.atomic
def change_subscription(
    subscription: ReportSubscription,
    *,
    by: User,
    at: datetime,
    recipients: Sequence[User],
    **fields: Any,
) -> ReportSubscription:
    """Give it other contents, days or people; what was due before now is not sent.

    Raises as `subscribe`.
    """
    found = _locked(subscription, by)
    for name, value in fields.items():
        setattr(found, name, value)
    _ensure_fits(found, by, recipients)
    found.since = at
    found.save()
    found.recipients.set(recipients)
    return found


@transaction.atomic
def pause(
    subscription: ReportSubscription, *, by: User, at: datetime, is_paused: bool
) -> ReportSubscription:
    """Pause it, or let it go on; what passed meanwhile is not sent. Raises NotAllowed."""
    found = _locked(subscription, by)
    if found.is_paused != is_paused:
        found.is_paused, found.since = is_paused, at
        found.save(update_fields=["is_paused", "since"])
    return found


@transaction.atomic
def delete_subscription(subscription: ReportSubscription, *, by: User) -> None:
    """It goes with the log of its deliveries and their files; a mail on its way keeps its own.

    Raises NotAllowed.
    """
    found = _locked(subscription, by)
    deliveries = list(found.deliveries.values_list("pk", flat=True))
    on_their_way = OutgoingMail.objects.filter(
        key__in=[mail_key(pk) for pk in deliveries], state=OutgoingMail.State.WAITING
    )
    needed = {file["path"] for mail in on_their_way for file in mail.attachments}
    for one in DeliveredFile.objects.filter(delivery__in=deliveries):
        if one.file.name not in needed:
            transaction.on_commit(partial(one.file.storage.delete, str(one.file.name)))
    found.delete()


def mail_key(delivery: int) -> str:
    """What the mail of a delivery is called in the outbox, where it is once."""
    return f"report:{delivery}"


def send_test(subscription: ReportSubscription, *, by: User, at: datetime) -> ReportDelivery:
    """Have the last full period mailed to oneself, by the own rights. Raises NotAllowed."""
    _ensure_may(by)
    if share_of(subscription, by) is None:
        raise NotAllowed(_("You may not see these figures yourself."))
    due = latest_due(subscription, by.zone, now=at)
    return ReportDelivery.objects.create(
        subscription=subscription,
        recipient=by,
        first=due.first,
        last=due.last,
        zone=by.zone.key,
        is_test=True,
        comment=subscription.comment,
        next_at=at,
        created_at=at,
    )


@transaction.atomic
def release(
    subscription: ReportSubscription,
    *,
    by: User,
    at: datetime,
    first: date,
    last: date,
    comment: str,
) -> int:
    """Send the drafts of a period with this comment; returns how many there were. Those that were
    released already stay as they are. Raises NotAllowed."""
    found = _locked(subscription, by)
    return drafts_of(found, first, last).update(
        state=State.WAITING, comment=comment, next_at=at, released_by=by, released_at=at
    )


def drafts_of(
    subscription: ReportSubscription, first: date, last: date
) -> QuerySet[ReportDelivery]:
    return ReportDelivery.objects.filter(
        subscription=subscription, state=State.DRAFT, first=first, last=last
    )


def _locked(subscription: ReportSubscription, by: User) -> ReportSubscription:
    _ensure_may(by)
    kept = ReportSubscription.objects.visible_to(by).select_for_update(of=("self",))
    found: ReportSubscription | None = kept.filter(pk=subscription.pk).first()
    if found is None:
        raise NotAllowed(_("This scheduled report is not yours."))
    return found


def _ensure_may(by: User) -> None:
    if not may_schedule_reports(by):
        raise NotAllowed(_("Team leads, managers and administrators schedule reports."))


def _ensure_fits(subscription: ReportSubscription, by: User, recipients: Sequence[User]) -> None:
    if is_customer_report(subscription) and subscription.organization is None:
        raise MissingValue("organization", _("Choose the customer whom the report is about."))
    if is_customer_report(subscription) and subscription.team is not None:
        raise MissingValue("team", _("The report for a customer is about all teams."))
    if subscription.board == OWN and not _sees_own(subscription, by):
        raise MissingValue("board", _("Choose a dashboard that you see yourself."))
    if share_of(subscription, by) is None:
        raise MissingValue("team", _("You may not see these figures yourself."))
    prefetch_related_objects(recipients, "memberships")
    without = [one.name for one in recipients if share_of(subscription, one) is None]
    if without:
        raise MissingValue(
            "recipients",
            _("These people may not see these figures: %(names)s.") % {"names": ", ".join(without)},
        )


def _sees_own(subscription: ReportSubscription, by: User) -> bool:
    """What was chosen before stays, also when it is shared no longer."""
    if subscription.pk and subscription.dashboard_id:
        before = ReportSubscription.objects.filter(pk=subscription.pk)
        if before.filter(dashboard=subscription.dashboard_id).exists():
            return True
    seen = Dashboard.objects.visible_to(by).filter(pk=subscription.dashboard_id)
    return bool(seen.exists())
