"""The story of a ticket as staff read it: messages and what happened between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.tickets.models import EventKind, Level, Priority, Ticket, TicketEvent
from portal.people.models import User

# More than so many events in a row are folded into one line.
FOLD_FROM = 3
_SHOWN = frozenset(
    {
        EventKind.MOVED,
        EventKind.ASSIGNED,
        EventKind.EDITED,
        EventKind.CLAIMED,
        EventKind.LINKED,
        EventKind.CLOCK,
        EventKind.MERGED,
    }
)


@dataclass(frozen=True)
class Happening:
    """One grey line: who did what when."""

    at: datetime
    actor: User | None
    text: str


@dataclass(frozen=True)
class Entry:
    """A message, or the happenings between two messages."""

    message: Message | None = None
    happenings: tuple[Happening, ...] = ()

    @property
    def is_folded(self) -> bool:
        return len(self.happenings) >= FOLD_FROM


def story(ticket: Ticket, user: User) -> list[Entry]:
    """Oldest first, as far as `user` may read. Three queries: messages, files, events."""
    messages = (
        Message.objects.filter(ticket_id=ticket.pk)
        .visible_to(user)
        .select_related("author")
        .prefetch_related("attachments")
        .order_by("at", "pk")
    )
    events = (
        TicketEvent.objects.filter(ticket_id=ticket.pk, kind__in=_SHOWN)
        .select_related("actor")
        .order_by("at", "pk")
    )
    told: list[tuple[datetime, int, int, Message | Happening]] = [
        (message.at, 0, message.pk, message) for message in messages
    ]
    told += [
        (event.at, 1, event.pk, Happening(event.at, event.actor, in_words(ticket, event)))
        for event in events
    ]
    return _grouped(item[3] for item in sorted(told, key=lambda item: item[:3]))


def _grouped(items: Iterable[Message | Happening]) -> list[Entry]:
    entries: list[Entry] = []
    run: list[Happening] = []
    for item in items:
        if isinstance(item, Happening):
            run.append(item)
            continue
        if run:
            entries.append(Entry(happenings=tuple(run)))
            run = []
        entries.append(Entry(message=item))
    if run:
        entries.append(Entry(happenings=tuple(run)))
    return entries


def in_words(ticket: Ticket, event: TicketEvent) -> str:
    """What the event says about the ticket, to be read after the actor's name."""
    data = event.data
    if event.kind == EventKind.MOVED:
        status = ticket.record_model.status_label_of(data.get("to", ""))
        return _("set the status to %(status)s") % {"status": status}
    if event.kind == EventKind.ASSIGNED:
        return _assigned(data)
    if event.kind == EventKind.EDITED:
        return _edited(data)
    if event.kind == EventKind.CLAIMED:
        return _("took over from %(name)s") % {"name": data.get("from_name", "")}
    if event.kind == EventKind.LINKED:
        return _("linked %(number)s") % {"number": data.get("to", "")}
    if event.kind == EventKind.CLOCK:
        return _clock(data)
    return str(event.get_kind_display())


def _assigned(data: dict) -> str:
    name = data.get("to_name", "")
    if data.get("what") == "team":
        return _("handed over to %(team)s") % {"team": name}
    if not name:
        return _("took the assignee off")
    return _("assigned to %(name)s") % {"name": name}


def _edited(data: dict) -> str:
    parts = [
        _("%(field)s from %(old)s to %(new)s")
        % {
            "field": _field_label(name),
            "old": _value_label(name, old),
            "new": _value_label(name, new),
        }
        for name, (old, new) in data.get("changes", {}).items()
    ]
    text = _("changed %(what)s") % {"what": "; ".join(parts)}
    if data.get("reason"):
        text += f" ({data['reason']})"
    return text


def _field_label(name: str) -> str:
    return str(Ticket._meta.get_field(name).verbose_name)


def _value_label(name: str, value) -> str:
    if value in (None, ""):
        return "–"
    labels = {"impact": Level, "urgency": Level, "priority": Priority}.get(name)
    return str(labels(value).label) if labels else str(value)


def _clock(data: dict) -> str:
    metric = str(data.get("metric", "")).replace("_", " ")
    if data.get("what") == "breached":
        return _("Service level missed: %(metric)s") % {"metric": metric}
    return _("Service level at risk: %(metric)s") % {"metric": metric}
