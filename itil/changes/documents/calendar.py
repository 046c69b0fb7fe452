"""Planned changes and freezes as a calendar file (RFC 5545).

The same rows always make the same bytes: the stamp of an event is when its row was changed last.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from itil.changes.hours import Span
from itil.changes.lifecycle import Status
from itil.changes.models import Change, ConflictStatus
from itil.changes.models.windows import Window

REFRESH = "PT15M"


def calendar_file(
    changes: Iterable[Change],
    freezes: Iterable[tuple[Window, list[Span]]],
    *,
    site: str,
    address: str,
) -> bytes:
    """The file; `address` is the beginning of absolute URLs, `site` the name of the desk."""
    host = address.split("://")[-1]
    calendar = Calendar()
    calendar.add("prodid", f"-//{site}//changes//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Changes at %(site)s") % {"site": site})
    calendar.add("x-published-ttl", REFRESH)
    for change in changes:
        calendar.add_component(_change(change, host, address))
    for window, spans in freezes:
        for span in spans:
            calendar.add_component(_freeze(window, span, host, address))
    return bytes(calendar.to_ical())


def _change(change: Change, host: str, address: str) -> Event:
    event = _event(f"{change.uuid}@{host}", change.planned_start, change.planned_end)
    event.add("dtstamp", change.updated_at)
    event.add("last-modified", change.updated_at)
    event.add("sequence", change.version)
    has_conflict = change.conflict_status in (ConflictStatus.WARNING, ConflictStatus.BLOCKED)
    mark = _("CONFLICT: ") if has_conflict else ""
    event.add("summary", f"{mark}{change.number} {change.title}")
    event.add("status", _status_of(change.status))
    lines = [
        f"{change.get_change_type_display()}, {change.status_label}",
        _("Risk: %(risk)s") % {"risk": change.get_risk_display() or "–"},
    ]
    if change.service:
        lines.append(_("Service: %(service)s") % {"service": change.service.name})
    if change.assignee:
        lines.append(_("Owner: %(name)s") % {"name": change.assignee.name})
    if has_conflict:
        lines.append(str(change.get_conflict_status_display()))
    event.add("description", "\n".join(lines))
    event.add("url", f"{address}{change.get_absolute_url()}")
    event["categories"] = vText(str(change.get_change_type_display()))
    return event


def _status_of(status: str) -> str:
    if status == Status.CANCELLED:
        return "CANCELLED"
    undecided = (Status.DRAFT, Status.ASSESSMENT, Status.AUTHORIZATION)
    return "TENTATIVE" if status in undecided else "CONFIRMED"


def _freeze(window: Window, span: Span, host: str, address: str) -> Event:
    event = _event(f"freeze-{window.pk}-{span[0]:%Y%m%dT%H%M%SZ}@{host}", *span)
    event.add("dtstamp", window.created_at)
    event.add("sequence", window.version)
    event.add("summary", _("Freeze: %(name)s") % {"name": window.name})
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if window.note:
        event.add("description", window.note)
    event.add("url", f"{address}{window.get_absolute_url()}")
    return event


def _event(uid: str, start: datetime, end: datetime) -> Any:
    event = Event()
    event.add("uid", uid)
    event.add("dtstart", start)
    event.add("dtend", end)
    return event
