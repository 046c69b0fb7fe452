"""The way of entries from draft to the invoice (`BIL-1`). Each verb does all of them or none."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed
from itil.timesheets.lifecycle import ENTRY
from itil.timesheets.models import EntryEvent, EntryState, TimeEntry
from itil.timesheets.querysets import refuse_frozen
from portal.people.models import User

from .approver import approver
from .history import record


@transaction.atomic
def submit(entries: Iterable[TimeEntry], *, by: User | None, at: datetime) -> list[TimeEntry]:
    """Drafts and rejected ones wait for approval; those whose contract wants none are approved by
    rule at once.
    """
    found = _step("submit", entries)
    free = [one for one in found if approver().initial_state(one) == EntryState.APPROVED]
    waiting = [one for one in found if one not in free]
    _write(waiting, state=EntryState.SUBMITTED, state_reason="")
    record(found, EntryEvent.Kind.SUBMITTED, by=by, at=at)
    if free:
        _write(free, state=EntryState.APPROVED, state_reason="", approved_at=at, approved_by=None)
        record(free, EntryEvent.Kind.APPROVED, by=None, at=at)
        approver().booked(free, at=at)
    return found


@transaction.atomic
def approve(entries: Iterable[TimeEntry], *, by: User | None, at: datetime) -> list[TimeEntry]:
    """Submitted entries may be billed; `by` None is a rule. Nobody approves the own (`VIS-7`).

    The approver may refuse, for a missing rate.
    """
    found = _step("approve", entries)
    if by is not None and any(one.agent_id == by.pk for one in found):
        raise NotAllowed(_("Somebody else must approve your own time."))
    approver().approving(found, by=by, at=at)
    _write(found, state=EntryState.APPROVED, state_reason="", approved_at=at, approved_by=by)
    record(found, EntryEvent.Kind.APPROVED, by=by, at=at)
    return found


@transaction.atomic
def reject(entries: Iterable[TimeEntry], *, by: User, reason: str, at: datetime) -> list[TimeEntry]:
    """Submitted entries go back to who booked them, who reads `reason`."""
    found = _step("reject", entries)
    reason = _said(reason, _("Say what is wrong, so that it can be corrected."))
    _write(found, state=EntryState.REJECTED, state_reason=reason)
    record(found, EntryEvent.Kind.REJECTED, by=by, at=at, reason=reason)
    return found


@transaction.atomic
def reopen(entries: Iterable[TimeEntry], *, by: User, reason: str, at: datetime) -> list[TimeEntry]:
    """Back to draft, as if they had not been submitted; an approval is void."""
    found = _step("reopen", entries)
    reason = _said(reason, _("Say why it is opened again."))
    approver().loosened([one for one in found if one.state == EntryState.APPROVED], at=at)
    _write(found, state=EntryState.DRAFT, state_reason=reason, approved_at=None, approved_by=None)
    record(found, EntryEvent.Kind.REOPENED, by=by, at=at, reason=reason)
    return found


@transaction.atomic
def write_off(
    entries: Iterable[TimeEntry], *, by: User | None, reason: str, at: datetime
) -> list[TimeEntry]:
    """They will not be billed; the reports count them as written off."""
    found = _step("write_off", entries)
    reason = _said(reason, _("Say why it is written off."))
    approver().loosened([one for one in found if one.state == EntryState.APPROVED], at=at)
    _write(found, state=EntryState.WRITTEN_OFF, state_reason=reason)
    record(found, EntryEvent.Kind.WRITTEN_OFF, by=by, at=at, reason=reason)
    return found


@transaction.atomic
def mark_invoiced(
    entries: Iterable[TimeEntry], *, by: User | None = None, at: datetime | None = None
) -> int:
    """Lock entries that stand on an issued invoice; returns how many changed."""
    keys = [entry.pk for entry in entries]
    approved = list(
        TimeEntry.objects.select_for_update().approved().filter(pk__in=keys).order_by("pk")
    )
    _write(approved, state=EntryState.INVOICED)
    record(approved, EntryEvent.Kind.INVOICED, by=by, at=at or timezone.now())
    return len(approved)


@transaction.atomic
def release(
    entries: Iterable[TimeEntry], *, by: User | None, reason: str = "", at: datetime
) -> int:
    """Their invoice was credited as a whole: approved again, as they were; how many changed."""
    keys = [entry.pk for entry in entries]
    found = list(
        TimeEntry.objects.select_for_update().invoiced().filter(pk__in=keys).order_by("pk")
    )
    TimeEntry.objects.filter(pk__in=[one.pk for one in found]).release()
    record(found, EntryEvent.Kind.RELEASED, by=by, at=at, reason=reason)
    return len(found)


def _step(verb: str, entries: Iterable[TimeEntry]) -> list[TimeEntry]:
    """`entries` as they are now, locked in one order. Raises unless all may take the step."""
    keys = [entry.pk for entry in entries]
    found = list(
        TimeEntry.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .select_related("ticket", "agent", "activity")
        .order_by("pk")
    )
    for one in found:
        if ENTRY.find(verb, one.state) is None:
            if one.state == EntryState.INVOICED:
                raise refuse_frozen()
            raise MoveNotAllowed(
                _("The time of %(name)s on %(number)s, %(day)s, is “%(state)s” now.")
                % {
                    "name": one.agent,
                    "number": one.ticket.number,
                    "day": one.work_date.isoformat(),
                    "state": one.get_state_display(),
                }
            )
    return found


def _write(entries: Sequence[TimeEntry], **values: Any) -> None:
    """Store `values` on all of them and show them on the objects. One statement and the guard's."""
    if not entries:
        return
    TimeEntry.objects.filter(pk__in=[one.pk for one in entries]).update(**values)
    for one in entries:
        for name, value in values.items():
            setattr(one, name, value)


def _said(reason: str, missing: str) -> str:
    if not reason.strip():
        raise MissingValue("reason", missing)
    return reason.strip()[:300]
