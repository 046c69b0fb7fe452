"""The story of a ticket as staff read it: messages and what happened between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from itil.approvals import timeline as approvals
from itil.conversation.models import Message
from itil.sla import timeline as clocks
from itil.tasks import timeline as tasks
from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind, LinkType, Ticket, TicketEvent
from portal.people.models import User
from portal.ui.moments import moment_text

# More than so many events in a row are folded into one line.
FOLD_FROM = 3
# So much of a long text is told of its former and its new wording.
_LONGEST = 80
_SHOWN = frozenset(
    {
        EventKind.CHANGE,
        EventKind.CONFLICT,
        EventKind.RELEASE,
        EventKind.SCHEDULE,
        EventKind.MOVED,
        EventKind.ASSIGNED,
        EventKind.EDITED,
        EventKind.CLAIMED,
        EventKind.LINKED,
        EventKind.SUPPLIER,
        EventKind.CLOCK,
        EventKind.MERGED,
        EventKind.SPLIT,
        EventKind.MAIL,
        EventKind.RATED,
        EventKind.TASK,
        EventKind.ITEM,
        EventKind.MAJOR,
        EventKind.PROBLEM,
        EventKind.APPROVAL,
    }
)

# These name other tickets in their data, under the key.
_NAMING = frozenset({EventKind.LINKED, EventKind.MERGED, EventKind.SPLIT})
_NUMBERS = {
    "to": _NAMING,
    "from": _NAMING,
    "with": _NAMING,
    "other": {EventKind.CONFLICT},
    "change": {EventKind.RELEASE},
    "reference": {EventKind.MOVED},
}
# What people wrote, for those who read internal texts.
_TEXTS = ("reason", "note")


@dataclass(frozen=True)
class Happening:
    """One grey line: who did what when."""

    at: datetime
    actor: User | None
    text: str
    # The page of what did it, as a fragment that shows a link to those who may open it.
    link_url: str = ""


@dataclass(frozen=True)
class Entry:
    """A message, or the happenings between two messages."""

    message: Message | None = None
    happenings: tuple[Happening, ...] = ()

    @property
    def is_folded(self) -> bool:
        return len(self.happenings) >= FOLD_FROM


def story(ticket: Ticket, user: User, *, texts: bool = True) -> list[Entry]:
    """Oldest first, as far as `user` may read; `texts`: also the reasons and notes of what the desk
    did. Three queries: messages, files, events.

    What was said on the tickets merged into this one is part of it; each message has
    `ticket_number`, where it was said.
    """
    messages = (
        Message.objects.told_on(ticket)
        .visible_to(user)
        .select_related("author")
        .prefetch_related("attachments")
        .order_by("at", "pk")
    )
    events = (
        _with_veils(TicketEvent.objects.filter(ticket_id=ticket.pk, kind__in=_SHOWN), user)
        # The page of the task shows its checklist.
        .exclude(kind=EventKind.TASK, data__what="ticked")
        .exclude(kind=EventKind.APPROVAL, data__what__in=approvals.UNTOLD)
        .select_related("actor", "on_behalf_of")
        .order_by("at", "pk")
    )
    told: list[tuple[datetime, int, int, Message | Happening]] = [
        (message.at, 0, message.pk, message) for message in messages
    ]
    told += [(event.at, 1, event.pk, _happening(ticket, event, texts=texts)) for event in events]
    return _grouped(item[3] for item in sorted(told, key=lambda item: item[:3]))


def _happening(ticket: Ticket, event: TicketEvent, *, texts: bool) -> Happening:
    url = ""
    if event.kind == EventKind.SCHEDULE:
        url = reverse("schedules:link", args=[event.data["schedule"]])
    return Happening(event.at, event.actor, in_words(ticket, event, texts=texts), url)


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


def _with_veils(events: models.QuerySet, user: User) -> models.QuerySet:
    """Adds `hides_to`, `hides_from` and `hides_with`: whether the event names under that key a
    ticket that `user` may not see (`VIS-1`).
    """
    for key, kinds in _NUMBERS.items():
        named = {"number": OuterRef(f"named_{key}")}
        hidden = (
            Q(kind__in=kinds)
            & Exists(Ticket.objects.filter(**named))
            & ~Exists(Ticket.objects.visible_to(user).filter(**named))
        )
        events = events.alias(**{f"named_{key}": KT(f"data__{key}")}).annotate(
            **{f"hides_{key}": Case(When(hidden, then=True), default=False)}
        )
    return events


def in_words(ticket: Ticket, event: TicketEvent, *, texts: bool = True) -> str:
    """What the event says about the ticket, to be read after the actor's name; without `texts`
    nothing of what people wrote.
    """
    if not texts:
        # Nobody stores this copy.
        event.data = event.data | dict.fromkeys(_TEXTS, "")
    data = dict(event.data)
    for key in _NUMBERS:
        if getattr(event, f"hides_{key}", False):
            data[key] = _("another ticket")
    if event.kind == EventKind.MOVED:
        return _moved(ticket, data)
    if event.kind == EventKind.ASSIGNED:
        return _assigned(data)
    if event.kind == EventKind.EDITED:
        return _edited(ticket, data, event.at, texts=texts)
    if event.kind == EventKind.CLAIMED:
        return _("took over from %(name)s") % {"name": data.get("from_name", "")}
    if event.kind == EventKind.LINKED:
        return _linked(data)
    if event.kind == EventKind.SUPPLIER:
        name = data.get("supplier") or data.get("reference") or _("the supplier")
        return _("noted the answer of %(name)s") % {"name": name}
    if event.kind in (EventKind.MERGED, EventKind.SPLIT):
        return _merged_or_split(data, is_split=event.kind == EventKind.SPLIT)
    if event.kind == EventKind.CLOCK:
        return clocks.in_words(event)
    if event.kind == EventKind.MAIL:
        return _mailed(data)
    if event.kind == EventKind.TASK:
        return tasks.in_words(data)
    if event.kind == EventKind.APPROVAL:
        return approvals.in_words(event)
    if event.kind == EventKind.ITEM:
        return _of_item(data)
    if event.kind == EventKind.MAJOR:
        return _of_major(data, event.at)
    if event.kind == EventKind.PROBLEM:
        return _of_problem(data)
    if event.kind == EventKind.RATED:
        return _rated(data)
    if event.kind == EventKind.SCHEDULE:
        return _by_schedule(data, event.at)
    return ticket.record_model.happening(event.kind, data) or str(event.get_kind_display())


def _moved(ticket: Ticket, data: dict) -> str:
    if data.get("from") == data.get("to"):
        held = data.get("to_phase") == Phase.WAITING
        text = _("put it on hold: %(reason)s") if held else _("let it go on")
        return text % {"reason": data.get("reason", "")}
    status = ticket.past_status_label(data.get("to", ""))
    text = _("set the status to %(status)s") % {"status": status}
    if data.get("courtesy"):
        return _("%(text)s; the reopening was a courtesy") % {"text": text}
    reason = data.get("hold_reason")
    # A status that is named after its reason says it already.
    if data.get("to_phase") != Phase.WAITING or reason in (None, "", data.get("to")):
        return text
    labels = (dict(model.hold_reasons()).get(reason) for model in ticket.types)
    reason = next((label for label in labels if label), reason)
    names = [name for name in (data.get("supplier"), data.get("reference")) if name]
    return f"{text}: {reason}" + (f" ({', '.join(names)})" if names else "")


def _mailed(data: dict) -> str:
    if data.get("what") == "reminder":
        return _("reminded the requester of the question")
    return _("found a mail that names another ticket")


def _by_schedule(data: dict, at: datetime) -> str:
    """A schedule opened it."""
    words = {"name": data.get("title", ""), "moment": _moment(data.get("planned_at"), at)}
    if data.get("late"):
        return _("opened this late by the schedule “%(name)s”, planned for %(moment)s") % words
    return _("opened this by the schedule “%(name)s”, planned for %(moment)s") % words


def _rated(data: dict) -> str:
    if data.get("what") == "asked":
        return _("asked %(name)s how it went") % {"name": data.get("name", "")}
    words = {"score": data.get("score"), "comment": data.get("comment", "")}
    if words["comment"]:
        return _("rated this %(score)s of 5: “%(comment)s”") % words
    return _("rated this %(score)s of 5") % words


def _of_item(data: dict) -> str:
    """An item was put on the ticket or taken off, or its impact found anew."""
    texts = {
        "attached": _("attached %(name)s (%(item)s)"),
        "detached": _("took %(name)s (%(item)s) off"),
        "evidence": _("found anew what fails with %(name)s (%(item)s)"),
    }
    return texts.get(data.get("what", ""), "%(name)s") % {
        "name": data.get("name", ""),
        "item": data.get("item", ""),
    }


def _linked(data: dict) -> str:
    """Two records were related or the relation was ended, as it reads from this end."""
    number = data.get("to") or data.get("from", "")
    name = data.get("type", "")
    if name == "child":
        text = (
            _("took %(number)s out from below") if data.get("ended") else _("put %(number)s below")
        )
        return text % {"number": number}
    if name not in LinkType.values or (name == LinkType.RELATED and not data.get("ended")):
        return _("linked %(number)s") % {"number": number}
    type = LinkType(name)
    label = str(type.label) if data.get("to") else type.inverse_label
    words = {"number": number, "label": label}
    if data.get("ended"):
        return _("ended the link “%(label)s %(number)s”") % words
    return _("linked this: %(label)s %(number)s") % words


def _of_major(data: dict, at: datetime) -> str:
    """What happened in the procedure for a major incident beside its steps."""
    roles = {
        "manager": _("Major incident manager"),
        "communications": _("Communications lead"),
        "technical": _("Technical lead"),
    }
    words = {
        "role": roles.get(data.get("role", ""), data.get("role", "")),
        "name": data.get("to_name", ""),
        "minutes": data.get("to"),
        "text": data.get("text", ""),
        "due": _moment(data.get("due_at"), at),
    }
    texts = {
        "role": _("made %(name)s %(role)s") if data.get("to") else _("left open: %(role)s"),
        "interval": _("promised news every %(minutes)s minutes"),
        "announced": _("put a notice on the portal: “%(text)s”")
        if data.get("text")
        else _("took the notice off the portal"),
        "due": _("an update was due %(due)s"),
    }
    return texts.get(data.get("what", ""), "%(text)s") % words


def _of_problem(data: dict) -> str:
    """What became known about a problem, and whom it was told."""
    published = (
        _("told version %(version)s of the workaround to the requesters of %(count)s incidents")
        if data.get("public")
        else _("noted version %(version)s of the workaround on %(count)s incidents")
    )
    texts = {
        "known_error": _("declared this a known error"),
        "workaround": _("wrote version %(version)s of the workaround"),
        "published": published,
        "whys": _("asked why %(count)s times"),
        "causes": _("put %(count)s possible causes on the fishbone"),
        "review_due": _("the accepted risk is to be looked at again"),
    }
    words = {"version": data.get("version", ""), "count": data.get("count", "")}
    return texts.get(data.get("what", ""), _("changed the problem")) % words


def _merged_or_split(data: dict, *, is_split: bool) -> str:
    if data.get("undone"):
        text = _("undid the merge with %(number)s")
    elif is_split:
        text = _("split out %(number)s") if data.get("to") else _("split this off %(number)s")
    elif data.get("with"):
        text = _("moved this to %(number)s, together with %(other)s")
    else:
        text = _("merged this into %(number)s") if data.get("to") else _("merged %(number)s")
    names = {"number": data.get("to") or data.get("from", ""), "other": data.get("with", "")}
    return text % names


def _assigned(data: dict) -> str:
    name = data.get("to_name", "")
    if data.get("what") == "team":
        return _("handed over to %(team)s") % {"team": name}
    if not name:
        return _("took the assignee off")
    return _("assigned to %(name)s") % {"name": name}


def _edited(ticket: Ticket, data: dict, at: datetime, *, texts: bool) -> str:
    parts = []
    for name, (old, new) in data.get("changes", {}).items():
        is_type = name == "kind"
        words = _type_words(old, new) if is_type else _words(ticket, name, old, new, at, texts)
        parts.append(_("%(field)s from %(old)s to %(new)s") % words)
    for label, old, new in data.get("answers", ()):
        words = {"field": f"“{label}”", "old": old, "new": new}
        parts.append(_("%(field)s from %(old)s to %(new)s") % words)
    text = _("changed %(what)s") % {"what": "; ".join(parts)}
    return f"{text} ({data['reason']})" if data.get("reason") else text


def _type_words(old: str, new: str) -> dict[str, str]:
    """Another type of record (`VOC-1`)."""
    before, after = (str(Ticket.model_of(kind)._meta.verbose_name) for kind in (old, new))
    return {"field": _("the type"), "old": before, "new": after}


def _words(ticket: Ticket, name: str, old, new, at: datetime, texts: bool) -> dict[str, str]:  # noqa: FBT001
    """A column of the type that the ticket has, or had when it was changed."""
    fields = (
        {field.name: field for field in (*model._meta.fields, *model._meta.many_to_many)}
        for model in ticket.types
    )
    field = next(found[name] for found in fields if name in found)
    if isinstance(field, models.TextField) and not texts:
        old = new = "…"
    return {
        "field": str(field.verbose_name),
        "old": _value_label(field, old, at),
        "new": _value_label(field, new, at),
    }


def _value_label(field: models.Field, value, at: datetime) -> str:
    """A stored value as people read it; the year is named when it is not that of `at`."""
    if value in (None, ""):
        return "–"
    if isinstance(field, models.BooleanField):
        return _("yes") if str(value) == str(True) else _("no")
    if isinstance(field, models.DateTimeField):
        return _moment(value, at)
    if isinstance(field, models.TextField):
        return Truncator(value).chars(_LONGEST)
    return str(dict(field.flatchoices).get(value, value))


def _moment(text: str | None, at: datetime) -> str:
    """A stored instant in the reader's zone; empty when there is none."""
    return moment_text(datetime.fromisoformat(text), now=at) if text else ""
