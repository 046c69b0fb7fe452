"""How a letter about a ticket becomes a mail in the outbox.

Texts are in templates/mail/, in the reader's language, with times in the reader's zone. A mail
about a confidential ticket says only that there is news (`VIS-3`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from itil.tickets.models import Ticket, TicketEvent
from portal.notifications.permissions import may_be_mailed
from portal.notifications.threading import Place
from portal.outbox.actions import post
from portal.outbox.threading import REPLY_MARKER, reply_address, sender_named
from portal.people.models import Delegation, User


@dataclass(frozen=True)
class Letter:
    """One mail about a ticket before it is put into words for its reader."""

    event: TicketEvent
    ticket: Ticket
    # Name of the pair of templates.
    template: str
    place: Place
    # Who it comes from; empty for the desk as such.
    author: User | None = None
    # The value of Auto-Submitted; empty for what a person wrote.
    automatic: str = ""
    mail_id: str = ""
    # Whether the reader works the ticket: decides which page is linked.
    is_for_staff: bool = False
    # What it is about; empty: the subject of the ticket.
    title: str = ""
    # The page it links; empty: that of the ticket.
    url: str = ""
    # Good for its reader only, as a link is that decides: nobody gets a copy.
    is_personal: bool = False
    # What an answer belongs to, by the token in its address; empty: the ticket.
    answers_to: UUID | None = None
    # For whom the reader stands in, when it is a copy.
    copied_for: User | None = None
    attachments: list[dict[str, str]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)


def write(letter: Letter, readers: Iterable[User]) -> None:
    """Put the letter into the outbox for each of `readers`, once; concealed when it has to be.

    Who stands in for one of them for mails gets a copy (`APP-6`).
    """
    readers = list(readers)
    ready = _concealed(letter) if letter.ticket.is_confidential else letter
    for reader in readers:
        _post(ready, reader)
    for delegation in copies_of(letter, readers):
        copy = replace(
            ready,
            # What is for one pair of hands only stays with them: a copy rates nothing.
            context={name: value for name, value in ready.context.items() if name != "faces"},
            copied_for=delegation.delegator,
        )
        _post(copy, delegation.delegate)


def copies_of(letter: Letter, readers: list[User]) -> list[Delegation]:
    """Who gets a copy, in whose place, one query. Nobody of what the reader alone may use: those
    who decide for a person are asked by a letter of their own.
    """
    if letter.is_personal:
        return []
    found = Delegation.objects.in_force(letter.event.at).of(Delegation.Kind.MAIL_COPIES)
    if letter.ticket.is_confidential:
        found = found.confidential()
    found = found.filter(delegator__in=readers).exclude(delegate__in=readers)
    found = found.exclude(delegate=letter.event.actor_id).order_by("pk")
    people = ("delegator", "delegate__organization", "delegate__location")
    return [one for one in found.select_related(*people) if may_be_mailed(one.delegate)]


def _concealed(letter: Letter) -> Letter:
    """The same letter without a word of what it is about (`VIS-3`)."""
    return replace(letter, template="confidential", answers_to=None, attachments=[], context={})


def _post(letter: Letter, reader: User) -> None:
    """Put the letter into the reader's words and the outbox, once per event and reader."""
    ticket = letter.ticket
    with translation.override(_language_of(reader)), timezone.override(reader.zone):
        title = _("Confidential") if ticket.is_confidential else letter.title or ticket.title
        context = letter.context | {
            "ticket": ticket,
            "title": title,
            "reader": reader,
            "url": letter.url or _url_of(ticket, is_for_staff=letter.is_for_staff),
            "copied_for": letter.copied_for,
            "marker": REPLY_MARKER,
            "site": settings.WAGTAIL_SITE_NAME,
        }
        text = render_to_string(f"mail/{letter.template}.txt", context)
        html = render_to_string(f"mail/{letter.template}.html", context)
        sender = _sender(letter.author)
    post(
        key=key_of(letter, reader),
        to=reader.email,
        subject=f"[#{ticket.number}] {title}",
        text=text.strip() + "\n",
        html=html,
        sender=sender,
        mail_id=letter.mail_id,
        in_reply_to=letter.place.in_reply_to,
        references=letter.place.references,
        headers=_headers(letter),
        attachments=letter.attachments,
    )


def key_of(letter: Letter, reader: User) -> str:
    """Under which the outbox takes the letter once."""
    return f"event:{letter.event.pk}:{letter.template}:{reader.pk}"


def _headers(letter: Letter) -> dict[str, str]:
    headers = {"Reply-To": reply_address(letter.answers_to or letter.ticket.uuid)}
    if letter.automatic:
        headers |= {"Auto-Submitted": letter.automatic, "X-Auto-Response-Suppress": "All"}
    return headers


def _sender(author: User | None) -> str:
    if author is None:
        return settings.DEFAULT_FROM_EMAIL
    words = {"name": author.name, "site": settings.WAGTAIL_SITE_NAME}
    return sender_named(_("%(name)s via %(site)s") % words)


def _url_of(ticket: Ticket, *, is_for_staff: bool) -> str:
    name = "desk:ticket" if is_for_staff else "selfservice:request"
    return settings.SITE_URL + reverse(name, args=[ticket.number])


def _language_of(reader: User) -> str:
    """The reader's own language, or the organization's, or ours."""
    theirs = reader.organization.language if reader.organization else ""
    return reader.language or theirs or settings.LANGUAGE_CODE
