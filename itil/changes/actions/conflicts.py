"""Conflicts come and go, and are accepted (`CHG-3`): the only code that writes the status."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.changes.lifecycle import ChangeType
from itil.changes.matching import conflicts as matching
from itil.changes.matching.windows import MOST_NAMED, among
from itil.changes.models import (
    Change,
    Conflict,
    ConflictRule,
    ConflictSeverity,
    ConflictStatus,
    FreezeExemption,
    FreezeWindow,
)
from itil.changes.models.conflicts import DEFAULT_SEVERITIES
from itil.desk import permissions as desk
from itil.desk.actions.changing import ensure
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Actor
from itil.tickets.models import EventKind, TicketEvent
from portal.people.models import User

# How far ahead the nightly run looks.
AHEAD = timedelta(days=30)
_CHUNK = 1000
CONFLICT = EventKind.CONFLICT


def check_conflicts(change: Change, at: datetime | None = None) -> list[Conflict]:
    """Look for the conflicts of this change and of those it disturbs; returns its present ones.

    For the verbs that change its window, items, people or status, in their transaction.
    """
    check_many([change.pk], at=at or timezone.now())
    change.conflict_status = Change.objects.values_list("conflict_status", flat=True).get(
        pk=change.pk
    )
    return list(Conflict.objects.present().filter(change=change).with_names())


@transaction.atomic
def check_many(changes: Collection[int], *, at: datetime) -> tuple[int, int]:
    """Look for the conflicts of all these changes; how many came and how many went.

    Running twice changes nothing. The number of statements does not grow with the changes, but
    for what is written in chunks.
    """
    severities = _locked_severities()
    subjects = set(changes)
    found = {matching.key_of(one): one for one in matching.find(subjects, severities)}
    keys = among(subjects)
    present = Conflict.objects.present().filter(Q(change__in=keys) | Q(other__in=keys))
    gone, kept = [], {}
    for row in present.with_names():
        if len(subjects) > MOST_NAMED and not {row.change_id, row.other_id} & subjects:
            continue
        now = found.get(matching.key_of(row))
        if now is None or matching.substance_of(now) != matching.substance_of(row):
            gone.append(row)
        else:
            kept[matching.key_of(row)] = row
    new = [one for key, one in found.items() if key not in kept]
    _weigh_anew(kept, found)
    Conflict.objects.filter(pk__in=[row.pk for row in gone]).update(gone_at=at)
    Conflict.objects.bulk_create(
        [Conflict(**vars(one), found_at=at) for one in new],
        batch_size=_CHUNK,
        ignore_conflicts=True,
    )
    _record(gone, new, at)
    _show({row.change_id for row in (*gone, *new)} | subjects, at)
    return len(new), len(gone)


def check_ahead(at: datetime) -> tuple[int, int]:
    """The nightly run: all changes planned within 30 days, and all with conflicts that stand."""
    planned = matching.planned().overlapping(at, at + AHEAD).values_list("pk", flat=True)
    standing = Conflict.objects.present().order_by().values_list("change_id", flat=True).distinct()
    return check_many({*planned, *standing}, at=at)


def check_planned_after(at: datetime) -> tuple[int, int]:
    """After a freeze or a maintenance window was changed; moves no change by itself (`CHG-4`)."""
    planned = matching.planned().filter(planned_end__gt=at).values_list("pk", flat=True)
    return check_many(set(planned), at=at)


@transaction.atomic
def acknowledge(conflict: Conflict, *, by: User, note: str, at: datetime | None = None) -> Conflict:
    """Accept a conflict with a reason; change managers only.

    Raises NotAllowed, MissingValue without a reason, and Refused for one that blocks, is gone or
    was accepted before.
    """
    at = at or timezone.now()
    present: Conflict = Conflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    change = present.change
    ensure(
        _manages(by, change),
        _("Only a change manager may accept a conflict."),
    )
    if not present.is_present:
        raise Refused(_("This conflict is gone; there is nothing to accept any more."))
    if present.severity == ConflictSeverity.BLOCK:
        raise Refused(_("This conflict blocks the change. Plan the change at another time."))
    if present.acknowledged_at is not None:
        raise Refused(
            _("%(name)s has accepted this conflict already.") % {"name": present.acknowledged_by}
        )
    note = note.strip()
    if not note:
        raise MissingValue("note", _("Say why the conflict may stand."))
    present.acknowledged_by, present.acknowledged_at, present.note = by, at, note
    present.save(update_fields=["acknowledged_by", "acknowledged_at", "note"])
    data = _as_data(present) | {"what": "accepted", "note": note}
    tickets.record(change, CONFLICT, by=by, at=at, data=data)
    _show({change.pk}, at)
    return present


@transaction.atomic
def exempt(
    change: Change, freeze: FreezeWindow, *, by: User, reason: str, at: datetime | None = None
) -> FreezeExemption:
    """Let one emergency change run in one freeze, by name; change managers only (`CHG-4`)."""
    at = at or timezone.now()
    ensure(
        _manages(by, change),
        _("Only a change manager may let a change into a freeze."),
    )
    present = Change.objects.get(pk=change.pk)
    if present.change_type != ChangeType.EMERGENCY:
        raise Refused(
            _("Only emergency changes are let into a freeze. Plan %(number)s at another time.")
            % {"number": present.number}
        )
    reason = reason.strip()
    if not reason:
        raise MissingValue("note", _("Say why it cannot wait until the freeze is over."))
    exemption, is_new = FreezeExemption.objects.get_or_create(
        change=present,
        freeze=freeze,
        defaults={"reason": reason, "granted_by": by, "granted_at": at},
    )
    if not is_new:
        raise Refused(_("%(number)s is let into this freeze already.") % {"number": present.number})
    data = {"what": "exempt", "kind": "freeze", "freeze": freeze.name, "note": reason}
    tickets.record(present, CONFLICT, by=by, at=at, data=data)
    check_conflicts(present, at)
    change.conflict_status = present.conflict_status
    return exemption


def _manages(by: User, change: Change) -> bool:
    return Actor.CHANGE_MANAGER in desk.standing(by, change)


# --- What is written -----------------------------------------------------------------------------


def _locked_severities() -> dict[str, str]:
    """How heavily each kind weighs. Its rows are the lock by which checks wait for each other:
    of two changes moved at once, the later check sees the window of the earlier one.
    """
    rows = ConflictRule.objects.select_for_update().order_by("pk")
    found = {rule.kind: rule.severity for rule in rows}
    missing = [kind for kind in DEFAULT_SEVERITIES if kind not in found]
    if missing:
        ConflictRule.objects.bulk_create(
            [ConflictRule(kind=kind, severity=DEFAULT_SEVERITIES[kind]) for kind in missing],
            ignore_conflicts=True,
        )
        found = {rule.kind: rule.severity for rule in rows.all()}
    return found


def _weigh_anew(kept: dict[Any, Conflict], found: dict[Any, matching.Found]) -> None:
    """Conflicts that stand get the weight that their kind has now."""
    changed = [row for key, row in kept.items() if row.severity != found[key].severity]
    for severity in {found[matching.key_of(row)].severity for row in changed}:
        keys = [row.pk for row in changed if found[matching.key_of(row)].severity == severity]
        Conflict.objects.filter(pk__in=keys).update(severity=severity)


def _record(gone: Iterable[Conflict], new: Iterable[matching.Found], at: datetime) -> None:
    """One event for each, by the system (`GEN-9`)."""
    keys = {(one.change_id, one.kind, one.other_id, one.freeze_id) for one in new}
    added = {
        row.pk: row
        for row in Conflict.objects.present()
        .filter(change__in=among({key[0] for key in keys}), found_at=at)
        .with_names()
        if (row.change_id, row.kind, row.other_id, row.freeze_id) in keys
    }
    told = [(row, "found") for row in added.values()] + [(row, "gone") for row in gone]
    TicketEvent.objects.bulk_create(
        [
            TicketEvent(
                ticket_id=row.change_id,
                kind=CONFLICT,
                at=at,
                data=_as_data(row) | {"what": what},
            )
            for row, what in told
        ],
        batch_size=_CHUNK,
    )


def _as_data(row: Conflict) -> dict[str, Any]:
    """The conflict as the history keeps it, with the names of the moment."""
    return {
        "conflict": row.pk,
        "kind": str(row.kind),
        "severity": str(row.severity),
        "other": row.other.number if row.other else "",
        "item": row.item.name if row.item else "",
        "other_item": row.other_item.name if row.other_item else "",
        "person": row.person.name if row.person else "",
        "freeze": row.freeze.name if row.freeze else "",
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
    }


def _show(changes: Collection[int], at: datetime) -> None:
    """Write the worst of the conflicts of each change into its row, where it is another one.

    A row that somebody else is writing right now is left to the check that follows from it.
    """
    keys = among(changes)
    standing: dict[int, set[str]] = {pk: set() for pk in changes}
    rows = Conflict.objects.present().filter(change__in=keys).order_by()
    for change, severity, accepted in rows.values_list("change_id", "severity", "acknowledged_at"):
        if change in standing:
            is_accepted = accepted is not None and severity == ConflictSeverity.WARN
            standing[change].add("accepted" if is_accepted else severity)
    shown = Change.objects.order_by("pk").filter(pk__in=keys)
    stored = dict(shown.values_list("pk", "conflict_status"))
    changed: dict[str, list[int]] = {}
    for pk, kinds in standing.items():
        status = _worst(kinds)
        if stored.get(pk, status) != status:
            changed.setdefault(status, []).append(pk)
    free = Change.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=keys)
    written = {row.pk for row in free.only("pk").order_by("pk")} & set(changes)
    for status, pks in changed.items():
        Change.objects.filter(pk__in=written.intersection(pks)).update(conflict_status=status)
    Change.objects.filter(pk__in=among(written)).update(conflicts_checked_at=at)


def _worst(kinds: Collection[str]) -> str:
    if ConflictSeverity.BLOCK in kinds:
        return ConflictStatus.BLOCKED
    if ConflictSeverity.WARN in kinds:
        return ConflictStatus.WARNING
    return ConflictStatus.ACKNOWLEDGED if kinds else ConflictStatus.NONE
