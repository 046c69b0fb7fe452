"""Events in words, as the causes of what clocks do: who did it, and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.sla.models import Exclusion
from itil.tickets.lifecycle import Mark, Phase
from itil.tickets.models import Channel, EventKind, Severity, Ticket, TicketEvent
from portal.ui.moments import moment_text

# Reasons for waiting inside a sentence (domain 2.1).
HOLDS = {
    "awaiting_requester": gettext_lazy("waiting for the requester"),
    "scheduled": gettext_lazy("until an agreed time"),
    "awaiting_approval": gettext_lazy("waiting for an approval"),
    "awaiting_vendor": gettext_lazy("waiting for a supplier"),
    "awaiting_change": gettext_lazy("waiting for a change"),
    "awaiting_problem": gettext_lazy("waiting for a problem"),
    "awaiting_parts": gettext_lazy("waiting for parts"),
    "task_failed": gettext_lazy("a task failed"),
    "force_majeure": gettext_lazy("force majeure"),
}


def waiting_in_words(ticket: Ticket) -> str:
    """What the ticket waits for, naming the person whose answer is missing; empty for nothing."""
    if ticket.hold_reason == "awaiting_requester":
        return _("waiting for %(name)s") % {"name": ticket.requester}
    return str(HOLDS.get(ticket.hold_reason, ticket.hold_reason))


@dataclass(frozen=True)
class Cause:
    """An event that a clock followed: a sentence without its time; `who` empty: the system."""

    at: datetime
    who: str
    text: str
    kind: str
    # Names the stored event.
    event: int | None = None
    # What the ticket waits for from then on.
    hold_reason: str = ""


class Teller:
    """Tells the events of one ticket, given in the order they were written, with their actors."""

    def __init__(self, ticket: Ticket, events: Sequence[TicketEvent]):
        self.ticket = ticket
        self.places = {id(event): place for place, event in enumerate(events)}
        self.events = events

    def cause(self, event: TicketEvent | None) -> Cause | None:
        """What `event` says, to be read on its own; None for none."""
        if event is None:
            return None
        tells: dict[str, Callable[[TicketEvent], str]] = {
            EventKind.OPENED: self._opened,
            EventKind.MOVED: self._moved,
            EventKind.ASSIGNED: self._assigned,
            EventKind.EDITED: self._edited,
            EventKind.CLOCK: self._clock,
            EventKind.REPLIED: lambda event: _("%(who)s replied") % self._who(event),
            EventKind.COMMENTED: lambda event: _("%(who)s wrote") % self._who(event),
            EventKind.SUPPLIER: self._supplier,
        }
        tell = tells.get(event.kind)
        waits = event.kind == EventKind.MOVED and event.data.get("to_phase") == Phase.WAITING
        return Cause(
            at=event.at,
            who=str(event.actor) if event.actor else "",
            text=tell(event) if tell else str(event.get_kind_display()),
            kind=event.kind,
            event=event.pk,
            hold_reason=event.data.get("hold_reason", "") if waits else "",
        )

    @staticmethod
    def _who(event: TicketEvent) -> dict[str, Any]:
        return {"who": str(event.actor) if event.actor else _("The system")}

    def _opened(self, event: TicketEvent) -> str:
        requester = self.ticket.requester
        names = {
            "who": str(event.actor or requester),
            "requester": str(requester),
            "channel": Channel(event.channel).label,
        }
        if event.actor and event.actor_id != requester.pk:
            return _("%(who)s reported it for %(requester)s (%(channel)s)") % names
        return _("%(who)s reported it (%(channel)s)") % names

    def _moved(self, event: TicketEvent) -> str:
        data, who = event.data, self._who(event)
        if data.get("to_phase") == Phase.WAITING:
            return self._held(event)
        if data.get("merged_into"):
            return _("%(who)s merged it into %(number)s") % (who | {"number": data["merged_into"]})
        answer = self._answer_before(event)
        if data.get("marks") == Mark.REOPENED and answer:
            return _("%(who)s answered, which reopened it") % answer
        if data.get("verb") == "resume":
            return _("%(who)s answered") % answer if answer else _("%(who)s resumed work") % who
        texts = {
            Mark.RESOLVED: _("%(who)s resolved it"),
            Mark.REOPENED: _("%(who)s reopened it"),
            Mark.CLOSED: _("%(who)s closed it"),
            Mark.CANCELLED: _("%(who)s cancelled it"),
            Mark.APPROVED: _("%(who)s gave the last approval"),
        }
        if data.get("marks") in texts:
            return texts[data["marks"]] % who
        if data.get("verb") == "start":
            return _("%(who)s started work") % who
        status = self.ticket.past_status_label(data.get("to", ""))
        return _("%(who)s set the status to “%(status)s”") % (who | {"status": status})

    def _held(self, event: TicketEvent) -> str:
        data = event.data
        reason = data.get("hold_reason", "")
        words = self._who(event) | {"reason": HOLDS.get(reason, reason)}
        if data.get("supplier"):
            words |= {"supplier": data["supplier"]}
            return _("%(who)s put it on hold: %(reason)s (%(supplier)s)") % words
        return _("%(who)s put it on hold: %(reason)s") % words

    def _answer_before(self, event: TicketEvent) -> dict[str, Any] | None:
        """Whose message made the system take this step (domain 2.1)."""
        place = self.places.get(id(event), 0)
        if event.actor_id is not None or place == 0:
            return None
        before = self.events[place - 1]
        if before.kind != EventKind.COMMENTED or before.at != event.at:
            return None
        return {"who": str(before.actor or self.ticket.requester)}

    def _assigned(self, event: TicketEvent) -> str:
        data = event.data
        words = self._who(event) | {"name": data.get("to_name", "")}
        if data.get("what") == "team":
            return _("%(who)s handed it over to %(name)s") % words
        if event.actor_id is not None and data.get("to") == event.actor_id:
            return _("%(who)s took it") % words
        if not data.get("to"):
            return _("%(who)s took the assignee off") % words
        return _("%(who)s assigned it to %(name)s") % words

    def _supplier(self, event: TicketEvent) -> str:
        supplier = event.data.get("supplier")
        return _("%(name)s took it up") % {"name": supplier} if supplier else _("It was taken up")

    def _edited(self, event: TicketEvent) -> str:
        changes = event.data.get("changes", {})
        parts = [self._change(event, name, *changes[name]) for name in _CHANGES if name in changes]
        text = "; ".join(parts) or _("%(who)s edited the ticket") % self._who(event)
        reason = event.data.get("reason")
        if reason:
            return _("%(text)s (“%(reason)s”)") % {"text": text, "reason": reason}
        return text

    def _change(self, event: TicketEvent, name: str, old: Any, new: Any) -> str:
        words = self._who(event) | {"old": _shown(name, old), "new": _shown(name, new)}
        if name == "priority":
            raised = _("%(who)s raised the priority from P%(old)s to P%(new)s")
            lowered = _("%(who)s lowered the priority from P%(old)s to P%(new)s")
            return (raised if new < old else lowered) % words
        return str(_CHANGES[name]) % words

    def _clock(self, event: TicketEvent) -> str:
        data = event.data
        words = self._who(event) | {
            "calendar": data.get("calendar_name", ""),
            "number": data.get("from", ""),
            "reason": _exclusion(data.get("reason", "")),
            "note": data.get("note", ""),
        }
        match data.get("what"):
            case "terms":
                return _("The agreement was edited")
            case "recounted":
                return _("The calendar “%(calendar)s” was edited") % words
            case "absorbed":
                return _("%(number)s was merged into this ticket") % words
            case "measured":
                return _("Read from an imported history")
            case "excluded" if words["note"]:
                return _("%(who)s left it out of the figures: %(reason)s (“%(note)s”)") % words
            case "excluded":
                return _("%(who)s left it out of the figures: %(reason)s") % words
        return str(event.get_kind_display())


# What an edit may change about the promise, in the order in which it is told (`SLA-17`, `SLA-18`).
_CHANGES = {
    "priority": "",
    "severity": gettext_lazy("%(who)s changed the severity from %(old)s to %(new)s"),
    "organization": gettext_lazy("%(who)s changed the organization from %(old)s to %(new)s"),
    "service": gettext_lazy("%(who)s changed the service from %(old)s to %(new)s"),
    "requester": gettext_lazy("%(who)s changed the requester from %(old)s to %(new)s"),
    "agreed_at": gettext_lazy("%(who)s changed the agreed date from %(old)s to %(new)s"),
}


def _shown(name: str, value: Any) -> str:
    """A value of an edit; dates in the present time zone."""
    if value in (None, ""):
        return "–"
    if name == "severity" and value in Severity.values:
        return str(Severity(value).label)
    at = parse_datetime(value) if name == "agreed_at" else None
    return moment_text(at, now=at) if at else str(value)


def _exclusion(reason: str) -> str:
    return str(Exclusion(reason).label) if reason in Exclusion.values else reason
