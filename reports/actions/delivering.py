"""Scheduled reports leave the house, in a worker: each period once to each recipient."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.outbox.actions import post
from portal.paper.languages import printed_in
from portal.people.models import User
from reports.documents import csv_of, parquet_of, pdf_of, workbook_of
from reports.matter import Report
from reports.metrics.period import Period
from reports.models import DeliveredFile, ReportDelivery, ReportSubscription

from .composing import compose
from .narrowing import share_of
from .subscribing import mail_key
from .timing import Due, latest_due

logger = logging.getLogger(__name__)

State, Format = ReportDelivery.State, ReportSubscription.Format
# How long a report belongs to the worker that makes it; longer than any takes.
CLAIM = timedelta(minutes=15)
# So many are looked at for one that no other worker has claimed meanwhile.
LOOK_AT = 20
# The wait after each failed attempt; after the last one it is given up.
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
MAKERS: Mapping[str, tuple[Callable[[Report], bytes], str]] = {
    Format.PDF: (pdf_of, "application/pdf"),
    Format.XLSX: (
        workbook_of,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format.CSV: (csv_of, "text/csv"),
    Format.PARQUET: (parquet_of, "application/vnd.apache.parquet"),
}


def plan_due(now: datetime) -> int:
    """Write down what is due and was not. Several workers may do so at once.

    Returns how much it was at most: what two of them found missing is counted by both, and written
    once. Of periods that passed while no worker ran only the last is told.
    """
    due: dict[tuple[Any, ...], ReportDelivery] = {}
    active = ReportSubscription.objects.filter(is_paused=False)
    for subscription in active.prefetch_related("recipients__location", "recipients__organization"):
        for recipient in subscription.recipients.all():
            found = latest_due(subscription, recipient.zone, now=now)
            if found.at > subscription.since:
                key = (subscription.pk, recipient.pk, found.first, found.last)
                due[key] = _planned(subscription, recipient, found, now)
    if not due:
        return 0
    known = ReportDelivery.objects.filter(
        is_test=False, last__gte=min(one.last for one in due.values())
    ).values_list("subscription_id", "recipient_id", "first", "last")
    new = [due[key] for key in due.keys() - set(known)]
    # Another worker may have been faster.
    ReportDelivery.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _planned(
    subscription: ReportSubscription, recipient: User, due: Due, now: datetime
) -> ReportDelivery:
    return ReportDelivery(
        subscription=subscription,
        recipient=recipient,
        first=due.first,
        last=due.last,
        zone=recipient.zone.key,
        comment=subscription.comment,
        state=State.DRAFT if subscription.needs_release else State.WAITING,
        next_at=now,
        created_at=now,
    )


def deliver_next(now: datetime) -> bool:
    """Make and mail the report that has waited longest, with the figures of `now`; False when none
    is due. Call it outside a transaction.

    It is claimed by compare-and-set and committed before it is made. A worker that dies leaves it
    claimed for a while; its files, its mail and its state are written in one transaction, and the
    mail has a key of its own, so that nothing is mailed twice.
    """
    for delivery in ReportDelivery.objects.due(now)[:LOOK_AT]:
        if _claim(delivery, now):
            _deliver(delivery, now)
            return True
    return False


def _claim(delivery: ReportDelivery, now: datetime) -> bool:
    claimed = ReportDelivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, tries=delivery.tries, next_at=delivery.next_at
    ).update(tries=F("tries") + 1, next_at=now + CLAIM)
    delivery.tries += 1
    return claimed == 1


def _deliver(delivery: ReportDelivery, now: datetime) -> None:
    subscription, reader = delivery.subscription, delivery.recipient
    share = share_of(subscription, reader)
    if share is None:
        _withhold(delivery, ReportDelivery.Reason.RIGHTS)
        return
    if not reader.email or reader.mail_undeliverable_at is not None:
        _withhold(delivery, ReportDelivery.Reason.ADDRESS)
        return
    period = Period(delivery.first, delivery.last, delivery.zone)
    with printed_in(_language_of(reader)), timezone.override(delivery.zone):
        try:
            report = compose(subscription, share, reader, period, comment=delivery.comment, now=now)
            made = {
                str(one): MAKERS[one][0](report) for one in Format if one in subscription.formats
            }
            _send(delivery, report, made, now)
        except Exception as error:
            # Whatever it was, the other reports go on, and this one is tried again.
            logger.exception("The report %s was not made", delivery.pk)
            _failed(delivery, error, now)


def _send(
    delivery: ReportDelivery, report: Report, made: Mapping[str, bytes], now: datetime
) -> None:
    """Store the files and hand over the mail, unless the claim was lost meanwhile."""
    stored: list[DeliveredFile] = []
    try:
        with transaction.atomic():
            sent = ReportDelivery.objects.filter(
                pk=delivery.pk, state=State.WAITING, tries=delivery.tries
            ).update(state=State.SENT, sent_at=now, data_until=now, error="")
            if not sent:
                return
            stored += [_store(delivery, report, one, content) for one, content in made.items()]
            _mail(delivery, report, stored)
    except BaseException:
        for one in stored:
            one.file.delete(save=False)
        raise


def _store(delivery: ReportDelivery, report: Report, one: str, content: bytes) -> DeliveredFile:
    name = f"{slugify(report.title) or 'report'}-{report.first:%Y-%m-%d}-{report.last:%Y-%m-%d}"
    file = DeliveredFile(
        delivery=delivery,
        format=one,
        name=f"{name}.{one}",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    file.file.save(file.name, ContentFile(content), save=False)
    file.save()
    return file


def _mail(delivery: ReportDelivery, report: Report, files: list[DeliveredFile]) -> None:
    title = f"{report.title}, {report.subtitle}"
    if delivery.is_test:
        title = _("Test: %(title)s") % {"title": title}
    context = {
        "report": report,
        "reader": delivery.recipient,
        "figures": report.figures[:6],
        "is_test": delivery.is_test,
        "site": settings.WAGTAIL_SITE_NAME,
    }
    post(
        key=mail_key(delivery.pk),
        to=delivery.recipient.email,
        subject=title,
        text=render_to_string("mail/report.txt", context),
        html=render_to_string("mail/report.html", context),
        headers={"Auto-Submitted": "auto-generated"},
        attachments=[
            {"name": one.name, "path": str(one.file.name), "content_type": MAKERS[one.format][1]}
            for one in files
        ],
    )


def _withhold(delivery: ReportDelivery, reason: ReportDelivery.Reason) -> None:
    ReportDelivery.objects.filter(pk=delivery.pk).update(state=State.WITHHELD, reason=reason)


def _failed(delivery: ReportDelivery, error: Exception, now: datetime) -> None:
    fields: dict[str, object] = {"error": f"{type(error).__name__}: {error}"[:2000]}
    if delivery.tries > len(WAITS):
        fields["state"] = State.FAILED
    else:
        fields["next_at"] = now + WAITS[delivery.tries - 1]
    ReportDelivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(**fields)


def _language_of(reader: User) -> str:
    """The reader's own language, or the organization's, or ours."""
    theirs = reader.organization.language if reader.organization else ""
    return reader.language or theirs or settings.LANGUAGE_CODE
