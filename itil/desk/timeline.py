"""The story of a ticket as staff read it: messages and what happened between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from itil.conversation.models import Message
from itil.sla.models import EscalationStep, Exclusion, Metric
from itil.tasks import timeline as tasks
from itil.tickets.lifecycle import Phase
from itil.tickets.models import EventKind, Ticket, TicketEvent
from portal.people.models import User
from portal.ui.moments import hours_text, moment_text

# More than so many events in a row are folded into one line.
FOLD_FROM = 3
_SHOWN = frozenset(
    {
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
    }
)

# These name other tickets in their data, under one or more of the keys.
_NAMING = frozenset({EventKind.LINKED, EventKind.MERGED, EventKind.SPLIT})
_NUMBERS = ("to", "from", "with")


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
    """Oldest first, as far as `user` may read. Three queries: messages, files, events.

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


def _with_veils(events: models.QuerySet, user: User) -> models.QuerySet:
    """Adds `hides_to`, `hides_from` and `hides_with`: whether the event names under that key a
    ticket that `user` may not see (`VIS-1`).
    """
    for key in _NUMBERS:
        named = {"number": OuterRef(f"named_{key}")}
        hidden = (
            Q(kind__in=_NAMING)
            & Exists(Ticket.objects.filter(**named))
            & ~Exists(Ticket.objects.visible_to(user).filter(**named))
        )
        events = events.alias(**{f"named_{key}": KT(f"data__{key}")}).annotate(
            **{f"hides_{key}": Case(When(hidden, then=True), default=False)}
        )
    return events


def in_words(ticket: Ticket, event: TicketEvent) -> str:
    """What the event says about the ticket, to be read after the actor's name."""
    data = dict(event.data)
    for key in _NUMBERS:
        if getattr(event, f"hides_{key}", False):
            data[key] = _("another ticket")
    if event.kind == EventKind.MOVED:
        return _moved(ticket, data)
    if event.kind == EventKind.ASSIGNED:
        return _assigned(data)
    if event.kind == EventKind.EDITED:
        return _edited(ticket, event)
    if event.kind == EventKind.CLAIMED:
        return _("took over from %(name)s") % {"name": data.get("from_name", "")}
    if event.kind == EventKind.LINKED:
        return _("linked %(number)s") % {"number": data.get("to", "")}
    if event.kind == EventKind.SUPPLIER:
        name = data.get("supplier") or data.get("reference") or _("the supplier")
        return _("noted the answer of %(name)s") % {"name": name}
    if event.kind in (EventKind.MERGED, EventKind.SPLIT):
        return _merged_or_split(data, is_split=event.kind == EventKind.SPLIT)
    if event.kind == EventKind.CLOCK:
        return _clock(event)
    if event.kind == EventKind.MAIL:
        return _mailed(data)
    if event.kind == EventKind.TASK:
        return tasks.in_words(data)
    if event.kind == EventKind.RATED:
        return _rated(data)
    return str(event.get_kind_display())


def _moved(ticket: Ticket, data: dict) -> str:
    status = ticket.past_status_label(data.get("to", ""))
    text = _("set the status to %(status)s") % {"status": status}
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


def _rated(data: dict) -> str:
    if data.get("what") == "asked":
        return _("asked %(name)s how it went") % {"name": data.get("name", "")}
    words = {"score": data.get("score"), "comment": data.get("comment", "")}
    if words["comment"]:
        return _("rated this %(score)s of 5: “%(comment)s”") % words
    return _("rated this %(score)s of 5") % words


def _merged_or_split(data: dict, *, is_split: bool) -> str:
    if is_split:
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


def _edited(ticket: Ticket, event: TicketEvent) -> str:
    parts = []
    for name, (old, new) in event.data.get("changes", {}).items():
        is_type = name == "kind"
        words = _type_words(old, new) if is_type else _words(ticket, name, old, new, event.at)
        parts.append(_("%(field)s from %(old)s to %(new)s") % words)
    for label, old, new in event.data.get("answers", ()):
        words = {"field": f"“{label}”", "old": old, "new": new}
        parts.append(_("%(field)s from %(old)s to %(new)s") % words)
    text = _("changed %(what)s") % {"what": "; ".join(parts)}
    if event.data.get("reason"):
        text += f" ({event.data['reason']})"
    return text


def _type_words(old: str, new: str) -> dict[str, str]:
    """Another type of record (`VOC-1`)."""
    before, after = (str(Ticket.model_of(kind)._meta.verbose_name) for kind in (old, new))
    return {"field": _("the type"), "old": before, "new": after}


def _words(ticket: Ticket, name: str, old, new, at: datetime) -> dict[str, str]:
    """A column of the type that the ticket has, or had when it was changed."""
    fields = ({field.name: field for field in model._meta.fields} for model in ticket.types)
    field = next(found[name] for found in fields if name in found)
    return {
        "field": str(field.verbose_name),
        "old": _value_label(field, old, at),
        "new": _value_label(field, new, at),
    }


def _value_label(field: models.Field, value, at: datetime) -> str:
    """A stored value as people read it; the year is named when it is not that of `at`."""
    if value in (None, ""):
        return "–"
    if isinstance(field, models.DateTimeField):
        return _moment(value, at)
    return str(dict(field.flatchoices).get(value, value))


def _moment(text: str | None, at: datetime) -> str:
    """A stored instant in the reader's zone; empty when there is none."""
    return moment_text(datetime.fromisoformat(text), now=at) if text else ""


# --- Clocks -----------------------------------------------------------------------------------


def _clock(event: TicketEvent) -> str:
    """What happened to the service level, or what it was told."""
    tell = {
        "retargeted": _retargeted,
        "dropped": _dropped,
        "breached": _breached,
        "at_risk": _at_risk,
        "escalated": _escalated,
        "excluded": _excluded,
        "recounted": _recounted,
        "absorbed": _absorbed,
        "terms": _rewritten,
        "measured": _measured,
    }.get(event.data.get("what", ""))
    return tell(event.data, event.at) if tell else str(event.get_kind_display())


def _metric(data: dict) -> str:
    """The metric inside a sentence."""
    name = str(data.get("metric", ""))
    return str(Metric(name).label).lower() if name in Metric.values else name


def _retargeted(data: dict, at: datetime) -> str:
    due, former = _moment(data.get("due_at"), at), _moment(data.get("former_due_at"), at)
    words = {"metric": _metric(data), "due": due, "former": former}
    if due and former and due != former:
        return _("moved %(metric)s: due %(due)s instead of %(former)s") % words
    words["target"] = hours_text(data.get("former_target_seconds", 0) / 60)
    if due:
        return _("set another target for %(metric)s: due %(due)s (it was %(target)s)") % words
    return _("set another target for %(metric)s (it was %(target)s)") % words


def _dropped(data: dict, at: datetime) -> str:
    former = _moment(data.get("former_due_at"), at)
    words = {"metric": _metric(data), "former": former}
    if former:
        return _("ended %(metric)s, which is not promised any more (it was due %(former)s)") % words
    return _("ended %(metric)s, which is not promised any more") % words


def _breached(data: dict, at: datetime) -> str:
    return _("Service level missed: %(metric)s") % {"metric": _metric(data)}


def _at_risk(data: dict, at: datetime) -> str:
    return _("Service level at risk: %(metric)s") % {"metric": _metric(data)}


def _escalated(data: dict, at: datetime) -> str:
    action = data.get("action", "")
    labels = EscalationStep.Action
    text = _("Escalation at %(percent)s%% of %(metric)s: %(action)s") % {
        "percent": data.get("percent"),
        "metric": _metric(data),
        "action": str(labels(action).label).lower() if action in labels.values else action,
    }
    if data.get("late"):
        noticed = _moment(data.get("noticed_at"), at)
        text += " " + _("(late: noticed %(moment)s)") % {"moment": noticed}
    return text


def _excluded(data: dict, at: datetime) -> str:
    reason = data.get("reason", "")
    words = {
        "metric": _metric(data),
        "reason": Exclusion(reason).label if reason in Exclusion.values else reason,
        "note": data.get("note", ""),
    }
    if data.get("metric"):
        return _("left %(metric)s out of the figures: %(reason)s. %(note)s") % words
    return _("left this ticket out of the figures: %(reason)s. %(note)s") % words


def _recounted(data: dict, at: datetime) -> str:
    return _("counts by the edited calendar %(name)s") % {"name": data.get("calendar_name", "")}


def _absorbed(data: dict, at: datetime) -> str:
    words = {
        "number": data.get("from", ""),
        "received": _moment(data.get("received_at"), at),
        "answered": _moment(data.get("answered_at"), at),
    }
    if words["answered"]:
        return _("counts %(number)s as well: received %(received)s, answered %(answered)s") % words
    return _("counts %(number)s as well: received %(received)s") % words


def _rewritten(data: dict, at: datetime) -> str:
    names = ", ".join(terms.get("name", "") for terms in data.get("terms", ()))
    if not names:
        return _("The agreement was edited; none applies any more")
    return _("The agreement was edited; now applies: %(names)s") % {"names": names}


def _measured(data: dict, at: datetime) -> str:
    return _("measured by the imported history: %(name)s") % {
        "name": data.get("terms", {}).get("name", "")
    }
