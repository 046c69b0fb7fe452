"""What a person does at the employees' door; every verb ends in one of the desk's."""

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from catalog.offerings.actions import ensure_catalog
from itil.conversation.files import NewFile
from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.models import Channel, LinkType, Ticket
from knowledgebase.actions import ensure_answers, give_feedback, send_after_answers
from knowledgebase.models import ArticlePage, Consultation
from portal.people.models import User

from .models import HomePage, Submission


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
    attachments: Iterable[NewFile] = (),
) -> Ticket:
    """Open an incident for `by`, once per `key`: sent again, the form gives the same ticket.

    `article` is one that was read first and did not help; the desk is told and it is counted.
    `after` is a closed request that this one follows up (`INC-2`). `offered` says that answers
    were offered before it was sent, which is counted (`KPI-15`).
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
        custom={"article": article.pk} if article else None,
    )
    if after:
        tickets.link(ticket, after, LinkType.FOLLOW_UP_OF, by=by)
    if offered or Consultation.objects.filter(user=by, key=key).exists():
        send_after_answers(ticket, by=by, key=key, query=title, at=ticket.opened_at)
    submission.ticket_id = ticket.pk
    submission.save(update_fields=["ticket"])
    return ticket


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
