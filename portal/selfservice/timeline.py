"""What happened to a request, as the person who asked may read it (`VIS-2`).

Two sources: public messages, and the few events that are named here. Nothing else of an event's
data is shown, so a value that is added to events later stays inside.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.requests import timeline as orders
from itil.conversation.models import Attachment, Message
from itil.sla.clock.explaining import due_if_resumed
from itil.sla.clock.stretches import SpecialDay, special_days
from itil.sla.clock.wording import hours_in_words
from itil.sla.models import ClockState, Metric, SlaClock
from itil.tickets.lifecycle import Mark
from itil.tickets.models import EventKind, Ticket, TicketEvent
from portal.people.models import User

# One page of activity; the rest is a link away.
SHOWN = 100
SHOWN_AT_MOST = 1000


@dataclass(frozen=True)
class Entry:
    """One line of the activity: a message (with text) or a change of status (with a tone)."""

    at: datetime
    heading: str | Promise
    person: User | None = None
    is_mine: bool = False
    is_message: bool = False
    is_automatic: bool = False
    is_opening: bool = False
    # The number of the request it was said on, when that was merged into this one.
    came_from: str = ""
    text: str = ""
    attachments: Sequence[Attachment] = ()
    icon: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Step:
    """One stop on the way of a request; `state` is done, now or empty (still to come)."""

    label: str | Promise
    state: str
    at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """How a move looks from outside."""

    heading: str | Promise
    icon: str
    tone: str = ""


_CHANGES = {
    "start": Change(_("We have started to work on it"), icon="player-play", tone="brand"),
    "resume": Change(_("We go on working on it"), icon="player-play", tone="brand"),
    "hold": Change(_("Put on hold"), icon="player-pause"),
    "resolve": Change(_("Solved"), icon="check", tone="ok"),
    "reopen": Change(_("Opened again"), icon="refresh", tone="brand"),
    "close": Change(_("Closed"), icon="lock", tone="ok"),
    "cancel": Change(_("Withdrawn"), icon="x"),
    "withdraw": Change(_("Withdrawn"), icon="x"),
    "ask_approval": Change(_("We have asked for approval"), icon="send", tone="brand"),
    "begin": Change(_("We are getting it ready"), icon="player-play", tone="brand"),
    "approve": Change(_("Approved"), icon="check", tone="ok"),
    "reject": Change(_("Declined"), icon="x", tone="bad"),
    "fulfil": Change(_("Delivered"), icon="check", tone="ok"),
}
_ORDERED = Change(_("We handle this as an order"), icon="package", tone="brand")
_REPORTED = Change(_("We handle this as something that does not work"), icon="alert-circle")
# An edit that made a report an order, or an order a report (`VOC-1`).
_CHANGED_TYPE = Q(kind=EventKind.EDITED, data__changes__has_key="kind")
_MERGED = Change(_("Combined with another request about the same"), icon="arrow-merge")
_ASKED = Change(_("We asked you a question"), icon="help-circle")

# Why it is on hold, in the requester's words; suppliers are not named (domain 2.1).
_HOLD_SENTENCES = {
    "awaiting_requester": _("We are waiting for your answer."),
    "awaiting_vendor": _("We are waiting for a supplier."),
    "awaiting_change": _("We are waiting for planned work."),
    "awaiting_problem": _("We are looking for the cause."),
    "awaiting_parts": _("We are waiting for a part."),
    "force_majeure": _("Something beyond our control holds us up."),
}
_SENTENCES = {
    "new": _("We have received your report."),
    "in_progress": _("We are working on it."),
    "on_hold": _("This is on hold for the moment."),
    "resolved": _("We think this is solved. Is it?"),
    "closed": _("This is solved and closed."),
    "cancelled": _("This request was withdrawn."),
}


def sentence(ticket: Ticket) -> str | Promise:
    """Where things stand, in one sentence."""
    if ticket.kind == orders.KIND:
        return orders.sentence(ticket)
    if ticket.merged_into_id is not None:
        return _("We handle this together with another request about the same.")
    if ticket.is_waiting and ticket.hold_reason in _HOLD_SENTENCES:
        return _HOLD_SENTENCES[ticket.hold_reason]
    if ticket.status == "in_progress" and ticket.assignee:
        return _("%(name)s is working on it.") % {"name": ticket.assignee.name}
    return _SENTENCES.get(ticket.status) or ticket.public_status_label


def steps(ticket: Ticket) -> list[Step]:
    """Received, being worked on, solved, closed; or received and withdrawn. Not for orders."""
    if ticket.status == "cancelled":
        end = _("Combined") if ticket.merged_into_id is not None else _("Withdrawn")
        return [
            Step(_("Received"), "done", ticket.received_at),
            Step(end, "now", ticket.closed_at),
        ]
    started = ticket.first_response_at or ticket.acknowledged_at or ticket.first_assigned_at
    stops = [
        (_("Received"), ticket.received_at),
        (_("Being worked on"), started),
        (_("Solved"), ticket.resolved_at),
        (_("Closed"), ticket.closed_at),
    ]
    reached = {"new": 0, "resolved": 2, "closed": 3}.get(ticket.status, 1)
    return [
        Step(
            label,
            "now" if number == reached and reached < 3 else "done" if number <= reached else "",
            at if number <= reached else None,
        )
        for number, (label, at) in enumerate(stops)
    ]


# What is read of the clock that a request is expected by.
_PROMISED = (
    "metric", "state", "started_at", "intervals", "due_at", "target_seconds", "elapsed_seconds",
    "terms", "calendar_edition", "outcome", "breached_at",
)  # fmt: skip


@dataclass(frozen=True)
class Wait:
    """A time that did not count; `end` is empty while it goes on."""

    start: datetime
    end: datetime | None
    is_for_you: bool


@dataclass(frozen=True)
class Expectation:
    """Why a request is expected when it is, in the words of the person who asked.

    `hours` are those of the week; `place` is their time zone where it is not that of the reader;
    `closed` are the days off among them. There is no due time while it stands still (`SLA-16`).
    """

    due_at: datetime | None
    is_late: bool
    # When it would be done if it went on now; only while it stands still.
    due_if_resumed: datetime | None
    hours: tuple[str, ...]
    place: str
    waits: tuple[Wait, ...]
    closed: tuple[SpecialDay, ...]

    @property
    def waits_for_you(self) -> bool:
        """True while nothing goes on without an answer."""
        return any(wait.end is None and wait.is_for_you for wait in self.waits)


def with_promise(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Adds `promise_...`: the columns of the clock that says when it will be solved.

    Empty where none goes on, or the agreement does not let the requester know.
    """
    clocks = SlaClock.objects.filter(
        ticket=OuterRef("pk"),
        metric__in=(Metric.RESOLUTION, Metric.FULFILMENT),
        state__in=(ClockState.RUNNING, ClockState.PAUSED),
        agreement__kind="sla",
        agreement__requester_sees_due=True,
    ).order_by("-pk")
    return tickets.annotate(
        **{f"promise_{name}": Subquery(clocks.values(name)[:1]) for name in _PROMISED}
    )


def expectation(ticket: Ticket, moves: Sequence[TicketEvent], now: datetime) -> Expectation | None:
    """When `ticket`, read by `with_promise`, is expected and why; None when nothing may be told.

    `moves` are its events that say what it waited for. No queries, apart from the first use of an
    edition of a calendar.
    """
    if ticket.promise_started_at is None:
        return None
    clock = SlaClock(**{name: getattr(ticket, f"promise_{name}") for name in _PROMISED})
    schedule = clock.schedule()
    resumed_at = due_if_resumed(clock, now)
    until = max(now, clock.due_at or resumed_at or now)
    return Expectation(
        due_at=clock.due_at,
        is_late=clock.due_at is not None and clock.due_at < now,
        due_if_resumed=resumed_at,
        hours=hours_in_words(schedule, clock.started_at, until),
        place="" if schedule.zone == timezone.get_current_timezone_name() else schedule.zone,
        waits=tuple(_waits(clock, moves)),
        closed=special_days(schedule, clock.started_at, until),
    )


def _waits(clock: SlaClock, moves: Sequence[TicketEvent]) -> Iterator[Wait]:
    """The times between the stretches that count, without those in which it was solved."""
    causes = {event.at.replace(microsecond=0): event.data for event in moves}
    at = clock.started_at
    for start, end in [*clock.stretches(), (None, None)]:
        is_last = start is None
        if is_last and clock.state != ClockState.PAUSED:
            return
        cause = causes.get(at, {})
        if at != start and cause.get("marks") != Mark.RESOLVED:
            yield Wait(at, start, cause.get("hold_reason") == "awaiting_requester")
        at = end


def moves_of(ticket: Ticket, limit: int = SHOWN) -> list[TicketEvent]:
    """The newest events that `activity` tells of, and one more. One query."""
    told = Q(kind__in=(EventKind.OPENED, EventKind.MOVED))
    return list(
        TicketEvent.objects.filter(told | _CHANGED_TYPE, ticket=ticket.pk)
        .select_related("actor")
        .order_by("-at", "-pk")[: limit + 1]
    )


def activity(
    ticket: Ticket, viewer: User, limit: int = SHOWN, moves: list[TicketEvent] | None = None
) -> tuple[list[Entry], bool]:
    """The newest `limit` entries, newest first, and whether there are older ones.

    Three queries; two when `moves_of` were read before.
    """
    messages = list(
        Message.objects.told_on(ticket)
        .shared_with(viewer)
        .select_related("author")
        .prefetch_related("attachments")
        .order_by("-at", "-pk")[: limit + 1]
    )
    events = moves_of(ticket, limit) if moves is None else moves
    opening = {event.data.get("message") for event in events if event.kind == EventKind.OPENED}
    shown = {message.pk for message in messages}
    # Of two things at the same moment the message came first: it is what caused the change.
    entries = [
        (
            message.at,
            0,
            message.pk,
            replace(
                _of_message(message, viewer, is_opening=message.pk in opening),
                came_from=message.ticket_number if message.ticket_id != ticket.pk else "",
            ),
        )
        for message in messages
    ]
    changes = [event.data["changes"]["kind"] for event in events if event.kind == EventKind.EDITED]
    first_kind = changes[-1][0] if changes else ticket.kind
    entries += [
        (event.at, 1, event.pk, _of_event(event, ticket, viewer, first_kind))
        for event in events
        if not (_is_told_by_message(event) and event.data.get("message") in shown)
    ]
    entries.sort(key=lambda entry: entry[:3], reverse=True)
    return [entry for *_key, entry in entries[:limit]], len(entries) > limit


def _is_told_by_message(event: TicketEvent) -> bool:
    """The first report and a question are read as messages; a line beside them adds nothing."""
    return event.kind == EventKind.OPENED or _change(event.data) is _ASKED


def _of_message(message: Message, viewer: User, *, is_opening: bool) -> Entry:
    is_mine = message.author_id == viewer.pk
    author = message.author.name if message.author else _("Service desk")
    return Entry(
        at=message.at,
        heading=_("You") if is_mine else author,
        is_opening=is_opening,
        person=message.author,
        is_mine=is_mine,
        is_message=True,
        is_automatic=message.is_automatic,
        text=message.text,
        attachments=list(message.attachments.all()),
    )


def _of_event(event: TicketEvent, ticket: Ticket, viewer: User, first_kind: str) -> Entry:
    if event.kind == EventKind.OPENED:
        opening = _opening(ticket, viewer, first_kind)
        return Entry(event.at, opening, icon="send", tone="brand")
    if event.kind == EventKind.EDITED:
        change = _ORDERED if event.data["changes"]["kind"][1] == orders.KIND else _REPORTED
        text = event.data.get("item", "")
        return Entry(event.at, change.heading, icon=change.icon, tone=change.tone, text=text)
    change = _change(event.data)
    # Why it was declined is for the requester (domain 2.2); other reasons are messages.
    text = event.data.get("reason", "") if event.data.get("verb") == "reject" else ""
    return Entry(event.at, change.heading, icon=change.icon, tone=change.tone, text=text)


def _opening(ticket: Ticket, viewer: User, kind: str) -> str | Promise:
    """How it began, as the type that it had then."""
    name = {"name": ticket.requester.name}
    if kind == orders.KIND:
        is_mine = ticket.requester_id == viewer.pk
        return _("You sent this request") if is_mine else _("%(name)s sent this request") % name
    if ticket.requester_id == viewer.pk:
        return _("You reported this")
    return _("%(name)s reported this") % name


def _change(moved: dict[str, Any]) -> Change:
    if moved.get("verb") == "hold" and moved.get("hold_reason") == "awaiting_requester":
        return _ASKED
    if moved.get("verb") == "cancel" and moved.get("merged_into"):
        return _MERGED
    return _CHANGES.get(str(moved.get("verb")), Change(_("Changed"), icon="point"))
