"""The mails about a ticket: each function writes one kind of mail to the outbox.

Texts are in templates/mail/, in the reader's language, with times in the reader's zone. A mail
about a confidential ticket says only that there is news (`VIS-3`).
"""

import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.conversation.threading import receipt_mail_id
from itil.incidents.lifecycle import ResolutionCode
from itil.sla.models import Metric
from itil.surveys.actions import ask
from itil.surveys.models import Score
from itil.tickets.models import Ticket, TicketEvent
from portal.outbox.actions import post
from portal.outbox.threading import REPLY_MARKER, reply_address, sender_named
from portal.people.models import User

from .threading import Place, place_of

# Together larger than this, files are linked instead of attached.
MAX_ATTACHED_BYTES = 10 * 1024 * 1024


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
    attachments: list[dict[str, str]] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)


def send_receipt(event: TicketEvent) -> None:
    """Tell the requester that the ticket has come in, under which number."""
    ticket = event.ticket
    letter = Letter(
        event=event,
        ticket=ticket,
        template="receipt",
        place=place_of(ticket),
        automatic="auto-replied",
        mail_id=receipt_mail_id(ticket.uuid),
    )
    _write(letter, [ticket.requester])


def send_message(event: TicketEvent, message: Message, readers: Iterable[User]) -> None:
    """Send what the desk said in public to `readers`; the same Message-ID for all of them."""
    _write(_message_letter(event, message, "reply"), readers)


def send_resolution(event: TicketEvent, message: Message | None, readers: Iterable[User]) -> None:
    """Tell that the desk holds the ticket for solved, and ask the requester to say so.

    Whom it was for is asked in the same mail how it went, if that person may be asked (`KPI-11`).
    """
    if message is None:
        letter = Letter(
            event=event,
            ticket=event.ticket,
            template="resolved",
            place=place_of(event.ticket),
            automatic="auto-generated",
        )
    else:
        letter = _message_letter(event, message, "resolved")
    for reader in readers:
        _write(_with_faces(letter, reader), [reader])


def _with_faces(letter: Letter, reader: User) -> Letter:
    """The letter with the links to rate the solution, for the one who is asked."""
    ticket = letter.ticket
    was_given_up = letter.event.data.get("resolution_code") == ResolutionCode.NO_RESPONSE
    is_asked = reader == (ticket.requested_for or ticket.requester)
    if ticket.is_confidential or was_given_up or not is_asked:
        return letter
    survey = ask(ticket, person=reader, mail_key=_key(letter, reader), at=letter.event.at)
    if survey is None:
        return letter
    address = settings.SITE_URL + reverse("surveys:rate", args=[survey.token])
    faces = [(f"{address}?r={score.value}", score) for score in Score]
    return replace(letter, context=letter.context | {"faces": faces})


def send_low_rating(event: TicketEvent, readers: Iterable[User]) -> None:
    """Tell those who can do something about it that a solution was found bad."""
    letter = Letter(
        event=event,
        ticket=event.ticket,
        template="rating",
        place=place_of(event.ticket),
        author=event.actor,
        automatic="auto-generated",
        is_for_staff=True,
        context={
            "author": event.actor,
            "score": Score(event.data["score"]),
            "comment": event.data["comment"],
        },
    )
    _write(letter, readers)


def send_comment(event: TicketEvent, message: Message, assignee: User) -> None:
    """Tell the assignee what the requester's side has written."""
    place = place_of(event.ticket, before=message)
    if message.mail_id:
        references = f"{place.references} {message.mail_id}".strip()
        place = Place(in_reply_to=message.mail_id, references=references)
    letter = Letter(
        event=event,
        ticket=event.ticket,
        template="comment",
        place=place,
        author=event.actor,
        automatic="auto-generated",
        is_for_staff=True,
        context={"message": message, "author": event.actor},
    )
    _write(letter, [assignee])


def send_assignment(event: TicketEvent, assignee: User) -> None:
    """Tell a person that a ticket is theirs now."""
    letter = Letter(
        event=event,
        ticket=event.ticket,
        template="assigned",
        place=place_of(event.ticket),
        automatic="auto-generated",
        is_for_staff=True,
        context={"actor": event.actor},
    )
    _write(letter, [assignee])


def send_reminder(event: TicketEvent, question: Message | None) -> None:
    """Ask the requester once more for the answer that work waits for."""
    ticket = event.ticket
    letter = Letter(
        event=event,
        ticket=ticket,
        template="reminder",
        place=place_of(ticket),
        automatic="auto-generated",
        context={"question": question, "ends_at": parse_datetime(event.data["ends_at"])},
    )
    _write(letter, [ticket.requester])


def send_escalation(event: TicketEvent, readers: Iterable[User]) -> None:
    """Warn that a share of a target is used up (`SLA-23`); `readers` work the ticket or lead."""
    told = event.data
    letter = Letter(
        event=event,
        ticket=event.ticket,
        template="escalated",
        place=place_of(event.ticket),
        automatic="auto-generated",
        is_for_staff=True,
        context={
            "metric": Metric(told["metric"]).label,
            "percent": told["percent"],
            "is_used_up": told["percent"] >= 100,
            "agreement": told.get("agreement", ""),
            "due_at": parse_datetime(told.get("due_at") or ""),
            # The true time of the warning, which a stopped worker may have slept through.
            "warned_at": event.at,
            "is_late": told.get("late", False),
        },
    )
    _write(letter, readers)


def _message_letter(event: TicketEvent, message: Message, template: str) -> Letter:
    """A letter that carries a public message of the desk, with its files."""
    files = list(message.attachments.filter(is_quarantined=False))
    fits = sum(file.size for file in files) <= MAX_ATTACHED_BYTES
    return Letter(
        event=event,
        ticket=event.ticket,
        template=template,
        place=place_of(event.ticket, before=message),
        author=message.author,
        automatic="auto-generated" if message.is_automatic else "",
        mail_id=message.mail_id,
        attachments=[
            {"name": file.name, "path": file.file.name, "content_type": file.content_type}
            for file in files
            if fits
        ],
        context={
            "message": message,
            "author": message.author,
            "linked_files": [] if fits else [file.name for file in files],
        },
    )


def _write(letter: Letter, readers: Iterable[User]) -> None:
    for reader in readers:
        _post(_concealed(letter) if letter.ticket.is_confidential else letter, reader)


def _concealed(letter: Letter) -> Letter:
    """The same letter without a word of what it is about (`VIS-3`)."""
    return replace(letter, template="confidential", attachments=[], context={})


def _post(letter: Letter, reader: User) -> None:
    """Put the letter into the reader's words and the outbox, once per event and reader."""
    ticket = letter.ticket
    with translation.override(_language_of(reader)), timezone.override(_zone_of(reader)):
        title = _("Confidential") if ticket.is_confidential else ticket.title
        context = letter.context | {
            "ticket": ticket,
            "title": title,
            "reader": reader,
            "url": _url_of(ticket, is_for_staff=letter.is_for_staff),
            "marker": REPLY_MARKER,
            "site": settings.WAGTAIL_SITE_NAME,
        }
        text = render_to_string(f"mail/{letter.template}.txt", context)
        html = render_to_string(f"mail/{letter.template}.html", context)
        sender = _sender(letter.author)
    post(
        key=_key(letter, reader),
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


def _key(letter: Letter, reader: User) -> str:
    """Under which the outbox takes the letter once."""
    return f"event:{letter.event.pk}:{letter.template}:{reader.pk}"


def _headers(letter: Letter) -> dict[str, str]:
    headers = {"Reply-To": reply_address(letter.ticket.uuid)}
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


def _zone_of(reader: User) -> zoneinfo.ZoneInfo:
    """The reader's own time zone, or the place's, the organization's, the business's."""
    names = (
        reader.time_zone,
        reader.location.time_zone if reader.location else "",
        reader.organization.time_zone if reader.organization else "",
        settings.BUSINESS_TIME_ZONE,
    )
    return zoneinfo.ZoneInfo(next(name for name in names if name))
