"""The history of one entry as people read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from itil.timesheets.models import BillingKind, EntryEvent, EntryState, NoteVisibility, TimeEntry
from portal.people.models import User
from portal.ui.moments import hours_text

LABELS = {
    "ticket": gettext_lazy("Ticket"),
    "activity": gettext_lazy("Activity"),
    "work_date": gettext_lazy("Day"),
    "started_at": gettext_lazy("From"),
    "ended_at": gettext_lazy("Until"),
    "minutes": gettext_lazy("Time"),
    "kilometres": gettext_lazy("Kilometers"),
    "note": gettext_lazy("What was done"),
    "note_visibility": gettext_lazy("Who reads it"),
    "billing_kind": gettext_lazy("Billing"),
    "non_billable_reason": gettext_lazy("Why not billable"),
    "state": gettext_lazy("State"),
}
CHOICES: dict[str, dict[str, Any]] = {
    "note_visibility": dict(NoteVisibility.choices),
    "billing_kind": dict(BillingKind.choices),
    "state": dict(EntryState.choices),
}


@dataclass(frozen=True)
class Happening:
    """One event: who (None is a rule) did what, when and why, and each value before and after."""

    what: str
    actor: User | None
    at: datetime
    reason: str
    changes: tuple[tuple[str, str, str], ...]


def story(entry: TimeEntry, *, texts: bool) -> list[Happening]:
    """What happened to `entry`, the latest first; without `texts` the notes stay out. One query."""
    events = EntryEvent.objects.filter(entry_uuid=entry.uuid).select_related("actor")
    return [
        Happening(
            what=event.get_kind_display(),
            actor=event.actor,
            at=event.at,
            reason=event.reason,
            changes=tuple(
                (str(LABELS[name]), _words(name, before), _words(name, after))
                for name, (before, after) in event.changes.items()
                if name in LABELS and (texts or name != "note")
            ),
        )
        for event in events.order_by("-at", "-pk")
    ]


def _words(name: str, value: Any) -> str:
    """A stored value as people read it."""
    if value in (None, ""):
        return "–"
    if name == "minutes":
        return hours_text(value)
    if name in CHOICES:
        return str(CHOICES[name].get(value, value))
    if name == "work_date" and (day := parse_date(value)):
        return date_format(day)
    if name in {"started_at", "ended_at"} and (at := parse_datetime(value)):
        return f"{localtime(at):%H:%M}"
    return str(value)
