"""The mails about what happened to a ticket."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from catalog.requests.models import ServiceRequest
from itil.conversation.models import Message
from itil.conversation.threading import receipt_mail_id
from itil.incidents.lifecycle import ResolutionCode
from itil.incidents.models import MajorIncident
from itil.sla.models import Metric
from itil.surveys.actions import ask
from itil.surveys.models import Score
from itil.tickets.models import Ticket, TicketEvent
from portal.notifications.threading import Place, place_of
from portal.people.models import User

from .letters import Letter, key_of, write

# Together larger than this, files are linked instead of attached.
MAX_ATTACHED_BYTES = 10 * 1024 * 1024


def send_receipt(event: TicketEvent, together: Sequence[ServiceRequest] = ()) -> None:
    """Tell the requester that the ticket has come in, under which number; `together` are the
    requests that one order made, this one among them.
    """
    ticket = event.ticket
    letter = Letter(
        event=event,
        ticket=ticket,
        template="receipt",
        place=place_of(ticket),
        automatic="auto-replied",
        mail_id=receipt_mail_id(ticket.uuid),
    )
    bundle = together[0].bundle if together else None
    if bundle is not None:
        letter = replace(
            letter,
            template="receipt_order",
            title=bundle.title,
            url=settings.SITE_URL + bundle.get_absolute_url(),
            context={"order": bundle, "requests": list(together)},
        )
    write(letter, [ticket.requester])


def send_message(
    event: TicketEvent,
    message: Message,
    readers: Iterable[User],
    also: Sequence[Ticket] = (),
    next_at: datetime | None = None,
) -> None:
    """Send what the desk said in public to `readers`; the same Message-ID for all of them.

    `also` are other tickets of theirs of which the same was said, `next_at` is when they hear
    of it again.
    """
    letter = _message_letter(event, message, "reply")
    about = {"also": also, "next_at": next_at, "is_workaround": "workaround" in event.data}
    write(replace(letter, context=letter.context | about), readers)


def send_resolution(
    event: TicketEvent,
    message: Message | None,
    readers: Iterable[User],
    also: Sequence[Ticket] = (),
) -> None:
    """Tell that the desk holds the ticket for solved, and ask the requester to say so.

    `also` are other tickets of the reader that were solved with it.

    Whom it was for is asked in the same mail how it went, if that person may be asked (`KPI-11`).
    """
    template = "delivered" if event.ticket.kind == ServiceRequest._meta.model_name else "resolved"
    if message is None:
        letter = Letter(
            event=event,
            ticket=event.ticket,
            template=template,
            place=place_of(event.ticket),
            automatic="auto-generated",
        )
    else:
        letter = _message_letter(event, message, template)
    # Of a major incident the desk alone says when it is over (`INC-7`): nobody is asked.
    is_asked = not MajorIncident.objects.follows(event.ticket)
    letter = replace(letter, context=letter.context | {"also": also, "is_asked": is_asked})
    for reader in readers:
        write(_with_faces(letter, reader), [reader])


def _with_faces(letter: Letter, reader: User) -> Letter:
    """The letter with the links to rate the solution, for the one who is asked."""
    ticket = letter.ticket
    was_given_up = letter.event.data.get("resolution_code") == ResolutionCode.NO_RESPONSE
    is_asked = reader == (ticket.requested_for or ticket.requester)
    # Who came back with a word of thanks only has said how it went (`INC-3`).
    is_courtesy = letter.event.data.get("courtesy", False)
    if ticket.is_confidential or was_given_up or is_courtesy or not is_asked:
        return letter
    survey = ask(ticket, person=reader, mail_key=key_of(letter, reader), at=letter.event.at)
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
    write(letter, readers)


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
    write(letter, [assignee])


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
    write(letter, [assignee])


def send_reminder(event: TicketEvent, question: Message | None) -> None:
    """Ask the requester once more for the answer that work waits for."""
    ticket = event.ticket
    letter = Letter(
        event=event,
        ticket=ticket,
        template="reminder",
        place=place_of(ticket),
        automatic="auto-generated",
        context={"question": question, "ends_at": parse_datetime(event.data["ends_at"] or "")},
    )
    write(letter, [ticket.requester])


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
    write(letter, readers)


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
