"""A ticket goes from one status to another: the only code that writes `status`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.conversation import actions as conversation
from itil.conversation.models import Message, Visibility
from itil.desk import links, permissions
from itil.sla import actions as sla
from itil.sla.clock.standing import UNMERGE
from itil.sla.matching import find
from itil.sla.models import Agreement
from itil.sla.terms import Terms
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, MoveNotAllowed, Refused, StaleRecord
from itil.tickets.lifecycle import Mark, Move, Phase
from itil.tickets.models import Channel, EventKind, Ticket, TicketEvent
from itil.tickets.models.holding import link_type_of
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import User

from .changing import ensure, ensure_free, fitting, locked, refresh_copy, write
from .editing import plain

# Values that become the message of a step and not part of its event.
_SAID = frozenset({"note", "attachments", "at", "courtesy"})
# So many of the records that stand in the way are named.
NAMED = 5


def move(
    ticket: Ticket,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    channel: str = Channel.DESK,
    cause: TicketEvent | None = None,
) -> Ticket:
    """Take `ticket` one step along its life cycle; `by` None is the system.

    `cause` is the event that a rule answers with it, such as the end of a parent.

    `values` holds what the step needs, such as a resolution code or a reason; a `note` becomes a
    message with the `attachments`, public where the requester is meant to read it. `courtesy` of a
    resolution says that the reopening before it was none (`INC-3`). Raises
    StaleRecord when someone did the same a moment ago, MoveNotAllowed, NotAllowed, MissingValue,
    and Refused for a ticket that repeats another one: the two are merged; then nothing has changed.
    """
    if ticket.record_model.MOVE_PAGE != Ticket.MOVE_PAGE:
        raise Refused(
            _("More follows from a step of %(number)s. Take it on its own page.")
            % {"number": ticket.number}
        )
    if values and values.get("merged_into"):
        raise Refused(
            _("Merge %(number)s into the other ticket: its messages and people then go with it.")
            % {"number": ticket.number}
        )
    return step(ticket, verb, by=by, values=values, at=at, channel=channel, cause=cause)


@transaction.atomic
def step(
    ticket: Ticket,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    channel: str = Channel.DESK,
    cause: TicketEvent | None = None,
) -> Ticket:
    """As `move`, for verbs that do more than a step and see to the rest themselves."""
    at = at or timezone.now()
    # Guards may ask for the moment of the step, and add what it stores.
    values = dict(values or {}) | {"at": at}
    present = locked(ticket)
    row = _row_of(present, verb)
    ensure(
        permissions.may_move(by, present, row),
        _("You cannot do this with %(number)s.") % {"number": present.number},
    )
    if not _is_requester(by, present):
        ensure_free(present, by, at)
    if "courtesy" not in row.guards:
        # Only where a guard looks at it does it mean anything.
        values.pop("courtesy", None)
    _check_values(present, row, values)
    for guard in row.guards:
        getattr(present, f"guard_{guard}")(values, by)
    _ensure_nothing_open(present, row, by)

    before, before_phase = present.status, present.phase
    along = present.columns_along(row.marks, values)
    told_along = {name: [plain(getattr(present, name)), plain(new)] for name, new in along.items()}
    changes = _changes(present, row, values, at)
    write(present, at=at, changes=changes | along)
    message = _say(present, row, values, by=by, at=at, channel=channel)
    terms = _terms(present, row, values)
    event = tickets.record(
        present,
        EventKind.MOVED,
        by=by,
        at=at,
        channel=channel,
        data={
            "verb": verb,
            "from": before,
            "to": present.status,
            "from_phase": before_phase,
            "to_phase": present.phase,
            "message": message and message.pk,
            "said": message.visibility if message else "",
            "side": _side(by, present),
            "marks": row.marks or "",
            **({"courtesy": True} if values.get("courtesy") else {}),
            **({"terms": [one.as_data() for one in terms]} if terms else {}),
            **{
                name: _plain(value)
                for name, value in values.items()
                if name not in _SAID and value is not None
            },
        },
        cause=cause,
    )
    sla.follow(present, event)
    if told_along:
        data = {"changes": told_along}
        tickets.record(present, EventKind.EDITED, by=None, at=at, data=data, cause=event)
    awaited = values.get("awaits")
    if awaited is not None:
        tickets.link(present, awaited, link_type_of(awaited), by=by, at=at)
    return refresh_copy(ticket, present)


def put_back(ticket: Ticket, before: Mapping[str, Any], *, by: User | None, at: datetime) -> None:
    """Give a ticket that the caller has locked the status it had before it was merged.

    The one way out of an end (`LIF-2`), for `unmerge` only; the clocks are the caller's business.
    """
    left, left_phase = ticket.status, ticket.phase
    columns = {
        "status": before["status"],
        "phase": before["phase"],
        "hold_reason": before["hold_reason"],
        "on_hold_since": _instant(before["on_hold_since"]),
        "resume_at": _instant(before["resume_at"]),
        "closed_at": None,
        "merged_into": None,
    }
    if "cancel_reason" in {field.name for field in ticket._meta.fields}:
        columns["cancel_reason"] = ""
    write(ticket, at=at, changes=columns)
    data = {
        "verb": UNMERGE,
        "from": left,
        "to": ticket.status,
        "from_phase": left_phase,
        "to_phase": ticket.phase,
        "hold_reason": ticket.hold_reason,
        "message": None,
        "said": "",
        "side": "staff",
        "marks": "",
    }
    tickets.record(ticket, EventKind.MOVED, by=by, at=at, data=data)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _plain(value: Any) -> str:
    """A value as the history keeps it; of a ticket its number, as its title may be confidential."""
    return value.number if isinstance(value, Ticket) else str(value)


def _side(by: User | None, ticket: Ticket) -> str:
    """Who makes the step, as the clocks see it."""
    if by is None:
        return "system"
    return "requester" if _is_requester(by, ticket) else "staff"


def _terms(ticket: Ticket, row: Move, values: Mapping[str, Any]) -> list[Terms]:
    """What is promised from this step on, when it may be something else than before it.

    A handover brings the contract of the supplier (`SLA-1`); a reopened ticket goes on by what
    applies now, whatever was changed while it was resolved.
    """
    if values.get("supplier"):
        return find(ticket, Agreement.Kind.UC, supplier=values["supplier"])
    return find(ticket) if row.marks == Mark.REOPENED else []


def _row_of(ticket: Ticket, verb: str) -> Move:
    """The row of the life cycle for `verb`, or the refusal that says what is possible."""
    row = ticket.lifecycle.find(verb, ticket.status)
    if row is not None:
        return row
    label = ticket.status_label
    if any(
        known.verb == verb and known.target == ticket.status for known in ticket.lifecycle.moves
    ):
        raise StaleRecord(
            _("%(number)s is “%(status)s” already.") % {"number": ticket.number, "status": label}
        )
    allowed = ", ".join(ticket.lifecycle.verbs_from(ticket.status)) or _("nothing")
    raise MoveNotAllowed(
        _("%(number)s is “%(status)s”. Possible from here: %(allowed)s.")
        % {"number": ticket.number, "status": label, "allowed": allowed}
    )


def _is_requester(by: User | None, ticket: Ticket) -> bool:
    return by is not None and by.pk in (ticket.requester_id, ticket.requested_for_id)


def _ensure_nothing_open(ticket: Ticket, row: Move, by: User | None) -> None:
    """Nothing ends over what holds it up. Raises Refused.

    A parent is not closed over open children: resolving it resolves them, and what was opened
    again is still to be done. Neither end is reached over an open record that blocks this one.
    """
    if row.marks not in (Mark.RESOLVED, Mark.CLOSED):
        return
    blockers = links.blockers_of(ticket).open()
    children = ticket.children.open() if row.marks == Mark.CLOSED else blockers.none()
    for found, text in (
        (blockers, _("%(number)s is blocked by %(others)s. Finish that first, or end the link.")),
        (children, _("%(number)s has open tickets below it: %(others)s. Resolve them first.")),
    ):
        numbers = _named(found, by)
        if numbers is None:
            continue
        if _is_requester(by, ticket):
            # Who asked for it can finish neither.
            text = _("%(number)s cannot be closed yet: we still work on %(others)s.")
        raise Refused(text % {"number": ticket.number, "others": numbers})


def _named(found: TicketQuerySet, by: User | None) -> str | None:
    """The first few numbers that `by` may read of what stands in the way; None when nothing does.

    Numbers of what the person may not see stay unnamed (`VIS-1`).
    """
    if not found.exists():
        return None
    readable = found if by is None else found.visible_to(by)
    numbers = list(readable.order_by("pk").values_list("number", flat=True)[:NAMED])
    return ", ".join(numbers) or _("other tickets")


def _check_values(ticket: Ticket, row: Move, values: dict[str, Any]) -> None:
    """Every needed value is there and fits its column. Raises MissingValue."""
    for name in row.needs:
        if not str(values.get(name) or "").strip():
            raise MissingValue(name, _needed_text(name))
    for name in row.stores:
        if name not in values:
            continue
        values[name] = fitting(ticket, name, values[name])


def _needed_text(name: str) -> str:
    return {
        "note": _("Write what was done; the requester reads it."),
        "reason": _("Say why."),
        "hold_reason": _("Choose what the ticket waits for."),
        "resolution_code": _("Choose how it was resolved."),
        "cancel_reason": _("Choose why it is cancelled."),
    }.get(name, _("Fill in “%(name)s”.") % {"name": name})


def _changes(ticket: Ticket, row: Move, values: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The columns a step writes; the same for every record type."""
    phase = row.phase or ticket.lifecycle.phases[row.target]
    changes: dict[str, Any] = {"status": row.target, "phase": phase}
    changes |= {name: values[name] for name in row.stores if name in values}
    if phase == Phase.WAITING:
        changes |= {"on_hold_since": at, "resume_at": values.get("resume_at")}
    elif ticket.is_waiting:
        changes |= {"on_hold_since": None, "resume_at": None, "hold_reason": ""}
    if ticket.acknowledged_at is None and row.verb == "start":
        changes["acknowledged_at"] = at
    if row.marks == Mark.RESOLVED:
        changes |= {"resolved_at": at, "resolved_team_id": ticket.team_id}
        changes |= {"claimed_by": None, "claimed_at": None}
        if ticket.first_resolved_at is None:
            changes["first_resolved_at"] = at
        if values.get("courtesy"):
            changes["reopen_count"] = ticket.reopen_count - 1
    elif row.marks == Mark.REOPENED:
        changes |= {
            "resolved_at": None,
            "resolved_team_id": None,
            "reopened_at": at,
            "reopen_count": ticket.reopen_count + 1,
        }
        if ticket.assignee and not ticket.assignee.is_active:
            changes["assignee"] = None
    elif row.marks in (Mark.CLOSED, Mark.CANCELLED):
        changes |= {"closed_at": at, "claimed_by": None, "claimed_at": None}
        if values.get("merged_into"):
            changes["merged_into"] = values["merged_into"]
    return changes


def _say(
    ticket: Ticket,
    row: Move,
    values: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    channel: str,
) -> Message | None:
    """The step's text as a message: public where the requester is meant to read it."""
    text = str(values.get("note") or "").strip()
    visibility = Visibility.PUBLIC
    if row.target == "on_hold" and values.get("hold_reason") != "awaiting_requester":
        visibility = Visibility.INTERNAL
    if not text and row.marks in (Mark.REOPENED, Mark.CANCELLED) and by is not None:
        text = str(values.get("reason") or "").strip()
        visibility = Visibility.PUBLIC if _is_requester(by, ticket) else Visibility.INTERNAL
    elif row.marks == Mark.CANCELLED:
        visibility = Visibility.INTERNAL
    if ticket.IS_INTERNAL:
        visibility = Visibility.INTERNAL
    if not text:
        return None
    staff_side = not _is_requester(by, ticket)
    message = conversation.say(
        ticket,
        author=by,
        visibility=visibility,
        text=text,
        at=at,
        channel=channel,
        attachments=values.get("attachments", ()),
        is_staff_side=staff_side,
        is_automatic=by is None,
    )
    if visibility == Visibility.PUBLIC and staff_side and by is not None:
        answered(ticket, at=at)
    return message


def answered(ticket: Ticket, *, at: datetime) -> None:
    """A person of the desk has answered in public: note the times (`SLA-2`)."""
    changes = {}
    if ticket.acknowledged_at is None:
        changes["acknowledged_at"] = at
    if ticket.first_response_at is None:
        changes["first_response_at"] = at
    if changes:
        write(ticket, at=at, changes=changes)
