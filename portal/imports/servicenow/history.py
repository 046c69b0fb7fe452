"""The rows of one incident retold as our record: final fields, events, stretches of waiting.

Pure: no database. The log is older than our life cycle and does not obey it (some incidents go
from Closed back to Active), so its states are written down as history and not walked by verbs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itil.incidents.lifecycle import LIFECYCLE, HoldReason, Status
from itil.tickets.models import Channel, EventKind
from itil.tickets.priority import priority_of
from portal.imports.past import Happening

from .log import OPTIONAL, Row

# Evidence is what the caller or a third party still has to bring; nothing is planned for a day,
# so it waits for the requester rather than being scheduled.
STATES: Mapping[str, tuple[Status, str]] = {
    "New": (Status.NEW, ""),
    "Active": (Status.IN_PROGRESS, ""),
    "Awaiting User Info": (Status.ON_HOLD, HoldReason.AWAITING_REQUESTER),
    "Awaiting Vendor": (Status.ON_HOLD, HoldReason.AWAITING_VENDOR),
    "Awaiting Problem": (Status.ON_HOLD, HoldReason.AWAITING_PROBLEM),
    "Awaiting Evidence": (Status.ON_HOLD, HoldReason.AWAITING_REQUESTER),
    "Resolved": (Status.RESOLVED, ""),
    "Closed": (Status.CLOSED, ""),
}
CHANNELS: Mapping[str, Channel] = {
    "Phone": Channel.PHONE,
    "IVR": Channel.PHONE,
    "Email": Channel.MAIL,
    "Self service": Channel.PORTAL,
    "Direct opening": Channel.DESK,
}
OPENING = "New"
# The requester of incidents whose caller is missing in the log.
UNKNOWN_CALLER = "Unknown caller"
CUSTOM_NAMES = {"u_symptom": "symptom"}
BOOLEANS = frozenset({"knowledge"})


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the incident waited for somebody outside the desk, `[start, end)`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Keys:
    """Primary keys by the code of the log; categories by (category, subcategory)."""

    people: Mapping[str, int]
    teams: Mapping[str, int]
    categories: Mapping[tuple[str, str], int]

    def category(self, row: Row) -> int | None:
        return self.categories.get((row.category, row.subcategory))


def status_of(row: Row) -> tuple[Status, str]:
    """Our status and reason of waiting for the state of `row`."""
    return STATES[row.state]


def category_name(row: Row) -> str | None:
    """The name of the category the row is filed under, the narrowest one."""
    return (row.subcategory or row.category) if row.category else None


def person_name(code: str) -> str:
    return code or UNKNOWN_CALLER


def title_of(row: Row) -> str:
    """The log has no texts; the classification stands in: “Category 55 / Subcategory 170 · ...”."""
    where = " / ".join(filter(None, (row.category, row.subcategory))) or "Uncategorized"
    symptom = row.others[OPTIONAL.index("u_symptom")]
    return f"{where} · {symptom}" if symptom else where


def effective_resolution(rows: list[Row]) -> datetime | None:
    """The recorded time, else the last move into Resolved, else the recorded closing; or None."""
    last = rows[-1]
    return last.resolved_at or last_move_into_resolved(rows) or last.closed_at


def last_move_into_resolved(rows: list[Row]) -> datetime | None:
    """When the incident came to be Resolved last; it may have been in its very first row."""
    found = None
    before = OPENING
    for row in rows:
        if row.state == "Resolved" and before != "Resolved":
            found = row.at
        before = row.state
    return found


def team_at(at: datetime, rows: list[Row]) -> str:
    """The team that held it at that moment; empty for none."""
    later = [
        (row.at, place, before.team)
        for place, (before, row) in enumerate(zip(rows, rows[1:], strict=False))
        if row.team != before.team and row.at > at
    ]
    return min(later)[2] if later else rows[-1].team


def first_assignment(rows: list[Row]) -> datetime | None:
    """When the first row naming an assignee was saved, not before the opening; None if never."""
    at = next((row.at for row in rows if row.assignee), None)
    return at and max(at, rows[0].opened_at)


def last_reopening(rows: list[Row]) -> datetime | None:
    done = {"Resolved", "Closed"}
    found = None
    for before, row in zip(rows, rows[1:], strict=False):
        if before.state in done and row.state not in done:
            found = row.at
    return found


def waits(rows: list[Row]) -> list[Stretch]:
    """The stretches from a row in an Awaiting state to the next row, cut to the life of the
    incident from its opening to its effective resolution; touching ones are joined."""
    opened, resolved = rows[0].opened_at, effective_resolution(rows)
    found: list[Stretch] = []
    for row, after in zip(rows, rows[1:], strict=False):
        if not row.state.startswith("Awaiting"):
            continue
        start, end = max(row.at, opened), min(after.at, resolved or after.at)
        if end <= start:
            continue
        if found and found[-1].end == start:
            found[-1] = Stretch(found[-1].start, end)
        else:
            found.append(Stretch(start, end))
    return found


def custom_of(rows: list[Row]) -> dict[str, Any]:
    """What our columns have no place for, under readable names; missing values are left out."""
    last = rows[-1]
    values: dict[str, Any] = {}
    for name, value in zip(OPTIONAL, last.others, strict=True):
        if name in BOOLEANS:
            values[name] = value == "true"
        elif value:
            values[CUSTOM_NAMES.get(name, name)] = value
    return values | {
        "contact_type": last.contact_type,
        "made_sla": last.made_sla,
        "recorded_reassignment_count": last.reassignment_count,
        "recorded_reopen_count": last.reopen_count,
        # False: the log has no resolution time and `resolved_at` was found from its states.
        "resolution_recorded": last.resolved_at is not None,
        "log_rows": len(rows),
    }


def ticket_fields(rows: list[Row], keys: Keys) -> dict[str, Any]:
    """The columns of the Ticket, as they stand after the last row."""
    last = rows[-1]
    status, hold_reason = status_of(last)
    assigned = first_assignment(rows)
    resolved = effective_resolution(rows) if status in (Status.RESOLVED, Status.CLOSED) else None
    closed = last.closed_at if status == Status.CLOSED else None
    return {
        "kind": "incident",
        "title": title_of(last),
        "status": status.value,
        "phase": LIFECYCLE.phases[status].value,
        "hold_reason": str(hold_reason),
        "impact": last.impact,
        "urgency": last.urgency,
        "priority": last.priority,
        "priority_overridden": last.priority != priority_of(last.impact, last.urgency),
        "channel": CHANNELS.get(last.contact_type, Channel.DESK).value,
        "requester_id": keys.people[last.caller],
        "team_id": keys.teams.get(last.team),
        "assignee_id": keys.people[last.assignee] if last.assignee else None,
        "category_id": keys.category(last),
        "received_at": last.opened_at,
        "opened_at": last.opened_at,
        # No first reply is recorded; the first assignee is the nearest thing and named as such.
        "acknowledged_at": assigned,
        "first_assigned_at": assigned,
        "on_hold_since": last.at if status == Status.ON_HOLD else None,
        "resolved_at": resolved,
        "resolved_team_id": keys.teams.get(team_at(resolved, rows)) if resolved else None,
        "first_resolved_at": next((row.at for row in rows if row.state == "Resolved"), resolved),
        "reopened_at": last_reopening(rows),
        "closed_at": closed,
        "reopen_count": last.reopen_count,
        "reassignment_count": last.reassignment_count,
        "updated_at": max(filter(None, (last.at, resolved, closed))),
        "custom": custom_of(rows),
        "source_reference": source_reference(last.number),
    }


def source_reference(code: str) -> str:
    return f"servicenow:{code}"


def happenings(rows: list[Row], keys: Keys) -> Iterator[Happening]:
    """The events of the incident in the order of the file, each with its own time."""
    first = rows[0]
    yield Happening(
        EventKind.OPENED,
        first.opened_at,
        by=first.opened_by,
        data={
            "status": LIFECYCLE.start,
            "phase": LIFECYCLE.phases[LIFECYCLE.start].value,
            "priority": first.priority,
            "team": keys.teams.get(first.team),
            "channel": CHANNELS.get(first.contact_type, Channel.DESK).value,
            "imported": True,
        },
    )
    # The first row was saved after the opening: what it has beyond a new record happened by then.
    yield from _person_changed("", first, keys)
    if first.state != OPENING:
        yield _moved(OPENING, first, recorded=False)
    for before, row in zip(rows, rows[1:], strict=False):
        yield from _edited(before, row)
        if row.team != before.team:
            yield _assigned("team", before.team, row.team, row, keys.teams)
        yield from _person_changed(before.assignee, row, keys)
        if row.state != before.state:
            yield _moved(before.state, row, recorded=True)


def _moved(state: str, row: Row, *, recorded: bool) -> Happening:
    """A change of state; `recorded` is false for the one implied by the first row."""
    source, _reason = STATES[state]
    target, hold_reason = status_of(row)
    move = next((move for move in LIFECYCLE.moves_from(source) if move.target == target), None)
    data = {
        "verb": move.verb if move else "",
        "from": source.value,
        "to": target.value,
        "from_phase": LIFECYCLE.phases[source].value,
        "to_phase": LIFECYCLE.phases[target].value,
        "hold_reason": str(hold_reason),
        "marks": (move.marks or "") if move else "",
        "imported": True,
    }
    if recorded:
        data |= {"recorded_from": state, "recorded_to": row.state}
    return Happening(EventKind.MOVED, row.at, data, row.by)


def _person_changed(before: str, row: Row, keys: Keys) -> Iterator[Happening]:
    if row.assignee != before:
        yield _assigned("person", before, row.assignee, row, keys.people)


def _assigned(what: str, before: str, after: str, row: Row, keys: Mapping[str, int]) -> Happening:
    return Happening(
        EventKind.ASSIGNED,
        row.at,
        by=row.by,
        data={
            "what": what,
            "from": keys[before] if before else None,
            "to": keys[after] if after else None,
            "from_name": before,
            "to_name": after,
            "imported": True,
        },
    )


def _edited(before: Row, row: Row) -> Iterator[Happening]:
    changes: dict[str, list[Any]] = {}
    for name in ("impact", "urgency", "priority"):
        old, new = getattr(before, name), getattr(row, name)
        if old != new:
            changes[name] = [old, new]
    old, new = category_name(before), category_name(row)
    if old != new:
        changes["category"] = [old, new]
    if row.caller != before.caller:
        changes["requester"] = [person_name(before.caller), person_name(row.caller)]
    if changes:
        data = {"changes": changes, "imported": True}
        yield Happening(EventKind.EDITED, row.at, data, row.by)
