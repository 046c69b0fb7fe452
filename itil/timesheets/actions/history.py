"""Appending to the history of entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from itil.timesheets.models import EntryEvent, TimeEntry
from portal.people.models import User


def record(
    entries: Sequence[TimeEntry],
    kind: EntryEvent.Kind,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """One event on each of `entries`; `by` None is a rule. One statement."""
    EntryEvent.objects.bulk_create(
        EntryEvent(
            entry=entry,
            entry_uuid=entry.uuid,
            kind=kind,
            actor=by,
            at=at,
            reason=reason[:300],
            changes=dict(changes or {}),
        )
        for entry in entries
    )
