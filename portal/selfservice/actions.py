"""What a person does at the employees' door; every verb ends in one of the desk's."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from catalog.offerings.actions import ensure_catalog
from itil.cmdb.models import ConfigurationItem, ItemLabel
from itil.cmdb.permissions import may_join
from itil.conversation.files import NewFile
from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk.permissions import may_follow
from itil.incidents.actions import open_incident
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from itil.tickets.matching import Filled
from itil.tickets.models import Channel, LabelReport, LinkType, Ticket
from knowledgebase.actions import ensure_answers, give_feedback, send_after_answers
from knowledgebase.models import ArticlePage, Consultation
from portal.outbox.actions import post
from portal.people.models import Organization, User

from .models import HomePage, Submission

TITLE_LENGTH = 250
# Mail to such a domain is read by nobody (RFC 2606).
_NOWHERE = "label.invalid"


@transaction.atomic
def report_problem(
    *,
    by: User,
    key: uuid.UUID,
    title: str,
    text: str,
    urgency: int,
    service: Service | None = None,
    article: ArticlePage | None = None,
    after: Ticket | None = None,
    offered: bool = False,
    filled: Filled | None = None,
    attachments: Iterable[NewFile] = (),
) -> Ticket:
    """Open an incident for `by`, once per `key`: sent again, the form gives the same ticket.

    `article` is one that was read first and did not help; the desk is told and it is counted.
    `after` is a closed request that this one follows up (`INC-2`). `offered` says that answers
    were offered before it was sent, which is counted (`KPI-15`). `filled` are the answers to the
    further fields that incidents have.
    """
    submission, is_new = _submission(by, key)
    if not is_new and submission.ticket:
        return submission.ticket
    if article:
        give_feedback(article, by=by, solved=False, query=title)
        text = "\n\n".join(
            [text, _("Read before, without success: %(title)s") % {"title": article.title}]
        )
    ticket = open_incident(
        by=by,
        title=title,
        text=text,
        requester=by,
        channel=Channel.PORTAL,
        urgency=urgency,
        service=service,
        attachments=attachments,
        custom=_custom(article, filled),
    )
    if after:
        tickets.link(ticket, after, LinkType.FOLLOW_UP_OF, by=by)
    if offered or Consultation.objects.filter(user=by, key=key).exists():
        send_after_answers(ticket, by=by, key=key, query=title, at=ticket.opened_at)
    submission.ticket_id = ticket.pk
    submission.save(update_fields=["ticket"])
    return ticket


def _custom(article: ArticlePage | None, filled: Filled | None) -> dict[str, Any]:
    """What the ticket keeps beside its columns."""
    found: dict[str, Any] = {"article": article.pk} if article else {}
    return found | filled.as_custom() if filled and filled.answers else found


@transaction.atomic
def say_more(
    ticket: Ticket,
    *,
    by: User,
    key: uuid.UUID,
    text: str,
    attachments: Iterable[NewFile] = (),
) -> Message:
    """Add a message from the requester's side, once per `key`."""
    submission, is_new = _submission(by, key)
    if not is_new and submission.message:
        return submission.message
    message = desk.comment(
        ticket, by=by, text=text, attachments=attachments, channel=Channel.PORTAL
    )
    submission.ticket_id, submission.message = ticket.pk, message
    submission.save(update_fields=["ticket", "message"])
    return message


def _submission(user: User, key: uuid.UUID) -> tuple[Submission, bool]:
    """The row of this form and whether it is new. A second sender waits here for the first."""
    try:
        with transaction.atomic():
            return Submission.objects.create(user=user, key=key), True
    except IntegrityError:
        return Submission.objects.select_for_update().get(user=user, key=key), False


@transaction.atomic
def ensure_home() -> HomePage:
    """The home page as the root of the site, with the answers and the catalog below; made when
    missing.
    """
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        home = HomePage(title="Home", slug="service-desk", show_in_menus=True)
        Page.get_first_root_node().add_child(instance=home)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    elif site.root_page_id != home.pk:
        before = site.root_page
        site.root_page = home
        site.save()
        _remove_placeholder(before)
    ensure_answers(home)
    ensure_catalog(home)
    return home


def _remove_placeholder(page: Page) -> None:
    """Wagtail comes with a page that only says welcome; nobody should meet it."""
    is_bare = page.specific_class is Page and page.depth > 1 and not page.numchild
    if is_bare:
        page.delete()


# So many reports by code are taken within an hour: of one label, and from one place.
MOST_OF_LABEL = 6
MOST_OF_ORIGIN = 10
REPORT_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Visitor:
    """Who reports without sign-in; the address may be empty, and is nobody's until confirmed."""

    name: str
    email: str = ""
    phone: str = ""


@transaction.atomic
def report_by_label(
    label: ItemLabel,
    *,
    by: User | None,
    visitor: Visitor | None = None,
    key: uuid.UUID,
    problem: str,
    text: str,
    origin: str = "",
    attachments: Iterable[NewFile] = (),
    at: datetime,
) -> LabelReport:
    """Open an incident about the item or the place of a label, once per `key` (`FLD-2`).

    `by` None is a visitor without sign-in: the ticket is of a stand-in for its organization
    until the visitor confirms the address by mail. `origin` is a digest of where it came from.
    Raises Refused when the label no longer works or too many reports came lately, MissingValue
    when nothing is said.
    """
    known = LabelReport.objects.filter(key=key, label=label).select_related("ticket").first()
    if known is not None:
        return known
    label = (
        ItemLabel.objects.select_for_update(of=("self",))
        .select_related("item__organization", "location__organization")
        .get(pk=label.pk)
    )
    item, party = label.item, label.organization
    if label.revoked_at is not None:
        raise Refused(_("This label no longer works. Write to the service desk instead."))
    _ensure_few(label, origin, by, at)
    words = " ".join(filter(None, [problem, text])).strip()
    if not words:
        raise MissingValue("text", _("Say what is wrong."))
    if by is None and (visitor is None or not visitor.name.strip()):
        raise MissingValue("name", _("Say who you are."))
    requester = by or _stand_in(party)
    owner = by.organization if by and may_join(by.organization, party) else None
    service = service_of(item) if item else None
    ticket = open_incident(
        by=by,
        title=f"{label.name}: {problem or text}"[:TITLE_LENGTH],
        text="\n\n".join(filter(None, [problem, text, _whereabouts(label), _signature(visitor)])),
        requester=requester,
        channel=Channel.PORTAL,
        organization=owner or party,
        service=service,
        attachments=attachments,
        custom={} if by else {"no_automatic_mail": True},
        at=at,
    )
    if item:
        desk.attach_item(ticket, item, by=None, at=at)
    report = LabelReport.objects.create(
        key=key,
        label=label,
        ticket_id=ticket.pk,
        user=by,
        name=visitor.name.strip() if visitor else "",
        email=visitor.email if visitor else "",
        phone=visitor.phone.strip() if visitor else "",
        origin=origin,
        created_at=at,
    )
    if report.email:
        _ask_to_confirm(report, label)
    return report


@transaction.atomic
def confirm_report(report: LabelReport, *, at: datetime) -> LabelReport:
    """The owner of the address says that the report is theirs: it becomes their ticket.

    A second time changes nothing. Raises Refused when the person is no longer active.
    """
    present = LabelReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if present.confirmed_at is not None or not present.email:
        return present
    person = User.objects.with_address(present.email).first()
    if person is None:
        owner = Organization.objects.filter(active=True).of_address(present.email).first()
        person = User.objects.create_user(present.email, present.name, organization=owner)
    if not person.is_active:
        raise Refused(_("This address is no longer in use here."))
    ticket = present.ticket
    if ticket.closed_at is None:
        desk.edit(ticket, by=None, version=ticket.version, changes={"requester": person}, at=at)
    present.confirmed_at = at
    present.user = person
    present.save(update_fields=["confirmed_at", "user"])
    return present


@transaction.atomic
def join_report(ticket: Ticket, *, by: User) -> Ticket:
    """'This affects me too': follow what was reported already. Raises NotAllowed."""
    if not may_follow(by, ticket):
        raise NotAllowed(_("Report it yourself, so that we can answer you."))
    tickets.watch(ticket, by)
    return ticket


def service_of(item: ConfigurationItem) -> Service | None:
    """The service that the item provides when it is one; one query."""
    provided = item.relations_out.in_force().filter(type="provides")
    found = {
        relation.service or relation.offering.service
        for relation in provided.select_related("service", "offering__service")[:5]
    }
    return found.pop() if len(found) == 1 else None


def _ensure_few(label: ItemLabel, origin: str, by: User | None, at: datetime) -> None:
    """Raises Refused for too many reports within the hour; people who signed in are known."""
    if by is not None:
        return
    lately = LabelReport.objects.filter(created_at__gt=at - REPORT_HOUR, user__isnull=True)
    too_many = lately.filter(label=label).count() >= MOST_OF_LABEL
    if too_many or (origin and lately.filter(origin=origin).count() >= MOST_OF_ORIGIN):
        raise Refused(
            _("Too many reports came in within the hour. Sign in, or write to the service desk.")
        )


def _stand_in(organization: Organization) -> User:
    """Nobody in particular: asks for whom nobody knows yet, and is never written to."""
    address = f"by-label.{organization.uuid.hex[:12]}@{_NOWHERE}"
    known: User | None = User.objects.with_address(address).first()
    if known is None:
        known = User.objects.create_user(
            address,
            _("Report by label"),
            organization=organization,
            mail_undeliverable_at=timezone.now(),
        )
    return known


def _signature(visitor: Visitor | None) -> str:
    """Who wrote without sign-in, below what was written."""
    if visitor is None:
        return ""
    reach = ", ".join(filter(None, [visitor.email, visitor.phone]))
    told = _("Reported without sign-in by %(name)s") % {"name": visitor.name.strip()}
    return f"{told} ({reach})" if reach else told


def _whereabouts(label: ItemLabel) -> str:
    """The place of a label that sticks on a wall; an item says itself where it is."""
    place = label.location
    if place is None:
        return ""
    told = _("Place: %(name)s (%(organization)s)") % {
        "name": place.name,
        "organization": place.organization,
    }
    return f"{told}, {place.address}" if place.address else told


def _ask_to_confirm(report: LabelReport, label: ItemLabel) -> None:
    """A receipt with the link that makes the report the reader's own."""
    context = {
        "name": report.name,
        "item": label.name,
        "number": report.ticket.number,
        "link": f"{settings.SITE_URL}{reverse('selfservice:confirm-report', args=[report.uuid])}",
    }
    post(
        key=f"label-report-{report.uuid}",
        to=report.email,
        subject=_("%(number)s: we have your report about %(item)s") % context,
        text=render_to_string("mail/label_report.txt", context),
        headers={"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"},
    )
