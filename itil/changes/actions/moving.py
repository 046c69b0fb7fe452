"""A change takes a step along its life cycle, and what follows from it (domain 2.5)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalProcess
from itil.changes.lifecycle import ChangeType, Outcome, Status
from itil.changes.matching.windows import frozen
from itil.changes.models import AdvisoryBoard, Change
from itil.changes.models.conflicts import ConflictKind, ConflictRule, ConflictSeverity
from itil.desk.actions.changing import locked, refresh_copy, write
from itil.desk.actions.moving import step
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import Channel, EventKind
from portal.people.models import User

from .assessing import reckon
from .conflicts import check_conflicts
from .matter import matter_of
from .templates import judge_use

State = ApprovalProcess.State
# Steps out of a draft: the plans that are needed, and who is asked, depend on the risk.
_ASSESSED_BY = ("submit", "call_board", "start_unapproved")


@transaction.atomic
def move(
    change: Change,
    verb: str,
    *,
    by: User | None,
    values: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    channel: str = Channel.DESK,
) -> Change:
    """Take `change` one step; votes, tasks and conflicts follow. `by` None is the system.

    Raises what `itil.desk.actions.move` raises: StaleRecord, MoveNotAllowed, NotAllowed,
    MissingValue, Refused; then nothing has changed.
    """
    at = at or timezone.now()
    present = cast(Change, locked(change))
    if verb in _ASSESSED_BY and present.lifecycle.find(verb, present.status):
        reckon(present, by=by, at=at)
    present = cast(Change, step(present, verb, by=by, values=values, at=at, channel=channel))
    reason = str((values or {}).get("reason") or "").strip()
    _AFTER[verb](present, reason=reason, by=by, at=at)
    check_conflicts(present, at)
    refresh_copy(change, Change.objects.get(pk=change.pk))
    return change


def _submitted(change: Change, **said: Any) -> None:
    authority = change.authority
    if authority is not None and authority.peer_policy is not None:
        approvals.start(change, authority.peer_policy, matter_of(change), at=said["at"])


def _asked(change: Change, **said: Any) -> None:
    """Its authority is asked; votes of the peers that are still open are needed no more."""
    approvals.cancel(change, at=said["at"])
    put_to_vote(change, at=said["at"])


def _asked_again(change: Change, *, reason: str, at: datetime, **said: Any) -> None:
    approvals.void(change, reason, at=at)
    tasks.block_all(change, reason=reason, at=at)
    write(change, at=at, changes={"authorized_at": None})
    put_to_vote(change, at=at)


def _sent_back(change: Change, *, reason: str, at: datetime, **said: Any) -> None:
    approvals.void(change, reason, at=at)
    cleared = {"asked_at": None, "peers_agreed_at": None, "authorized_at": None}
    write(change, at=at, changes=cleared)


def _scheduled(change: Change, *, at: datetime, **said: Any) -> None:
    window = {"authorized_start": change.planned_start, "authorized_end": change.planned_end}
    write(change, at=at, changes={"authorized_at": at, **window})
    tasks.unblock_all(change, at=at)
    _begin_tasks(change, at=at)


def _begun(change: Change, *, at: datetime, **said: Any) -> None:
    """A freeze forbids it, also outside of the planned window that was checked (`CHG-4`).

    Where administrators let freezes only warn, they forbid nothing.
    """
    rules = ConflictRule.objects.filter(kind=ConflictKind.FREEZE)
    if rules.exclude(severity=ConflictSeverity.BLOCK).exists():
        return
    freeze = frozen(change, at)
    if freeze is not None:
        raise Refused(
            _(
                "The freeze “%(freeze)s” is in force and %(number)s may not run in it. Start it "
                "after the freeze; an emergency needs an exemption by a change manager."
            )
            % {"freeze": freeze, "number": change.number}
        )


def _begun_unapproved(change: Change, *, at: datetime, **said: Any) -> None:
    """The emergency board is asked, or goes on being asked, whether it confirms."""
    _begun(change, at=at)
    if not ApprovalProcess.objects.of(change).running().exists():
        put_to_vote(change, at=at)
    tasks.unblock_all(change, at=at)
    _begin_tasks(change, at=at)


def _begin_tasks(change: Change, *, at: datetime) -> None:
    if change.plan_version is not None and not Task.objects.of(change).exists():
        tasks.begin(change, change.plan_version, answers={}, at=at)


def _finished(change: Change, *, at: datetime, **said: Any) -> None:
    """A template that did harm is not used again; what needs nobody is closed."""
    judge_use(change, at=at)
    needs_items = change.items_updated_at is None and change.item_links.exists()
    if (
        change.change_type == ChangeType.STANDARD
        and change.outcome == Outcome.SUCCESSFUL
        and not change.needs_review
        and not needs_items
    ):
        step(change, "close", by=None, at=at, channel=Channel.SYSTEM)


def _held(change: Change, *, reason: str, at: datetime, **said: Any) -> None:
    approvals.suspend(change, at=at)
    tasks.block_all(change, reason=reason, at=at)


def _resumed(change: Change, *, at: datetime, **said: Any) -> None:
    approvals.resume(change, at=at)
    if change.status != Status.AUTHORIZATION or change.authorized_at is not None:
        tasks.unblock_all(change, at=at)


def _cancelled(change: Change, *, by: User | None, at: datetime, **said: Any) -> None:
    approvals.cancel(change, at=at)
    tasks.cancel_all(change, by=by, at=at)


def _nothing(change: Change, **said: Any) -> None:
    """Nothing more follows."""


_AFTER: dict[str, Callable[..., None]] = {
    "submit": _submitted,
    "ask_authority": _asked,
    "call_board": _asked,
    "ask_again": _asked_again,
    "send_back": _sent_back,
    "book": _scheduled,
    "authorize": _scheduled,
    "start": _begun,
    "start_unapproved": _begun_unapproved,
    "finish": _finished,
    "close": _nothing,
    "cancel": _cancelled,
    "hold": _held,
    "resume": _resumed,
}


def put_to_vote(change: Change, *, at: datetime) -> ApprovalProcess:
    """Ask who authorizes changes of its type and risk about it as it is now.

    Raises Refused when nobody does: it is never authorized for want of people (`APP-3`).
    """
    authority = change.authority
    if authority is None:
        raise Refused(_("Nobody is named who authorizes %(number)s.") % {"number": change.number})
    board = AdvisoryBoard.objects.for_change(change)
    write(change, at=at, changes={"board": board, "asked_at": at})
    process = approvals.start(change, authority.policy, matter_of(change), at=at)
    if process is None:
        raise Refused(_("The policy “%(policy)s” asks nobody.") % {"policy": authority.policy})
    return process


@transaction.atomic
def decided(change: Change, *, reason: str = "", at: datetime) -> Change:
    """Peers, an authority or the emergency board have decided. Heard again, nothing happens."""
    present = cast(Change, locked(change))
    last = ApprovalProcess.objects.of(present).first()
    if last is None or last.state not in (State.APPROVED, State.REJECTED):
        return change
    if present.is_retrospective:
        _confirmed(present, last, at=at)
    elif last.state == State.REJECTED:
        if present.lifecycle.find("send_back", present.status):
            values = {"reason": reason or _("It was declined.")}
            move(present, "send_back", by=None, values=values, at=at, channel=Channel.SYSTEM)
    elif present.status == Status.ASSESSMENT and present.peers_agreed_at is None:
        write(present, at=at, changes={"peers_agreed_at": at})
    elif present.status == Status.AUTHORIZATION:
        go_on(present, at=at)
    refresh_copy(change, Change.objects.get(pk=change.pk))
    return change


def go_on(change: Change, *, at: datetime) -> bool:
    """Schedule a change that is authorized and that no conflict blocks any more; else False."""
    present = Change.objects.get(pk=change.pk)
    if present.status != Status.AUTHORIZATION or present.is_on_hold or not present.has_authority:
        return False
    try:
        move(present, "authorize", by=None, at=at, channel=Channel.SYSTEM)
    except Refused:
        return False
    return True


def _confirmed(change: Change, process: ApprovalProcess, *, at: datetime) -> None:
    """The emergency board has said what it thinks of a change begun on a spoken authorization."""
    if change.confirmed_at is not None or change.is_unauthorised:
        return
    in_time = change.confirm_by is not None and at < change.confirm_by
    if process.state == State.APPROVED and in_time:
        changes: dict[str, Any] = {"confirmed_at": at, "authorized_at": at}
    else:
        changes = {"is_unauthorised": True}
    write(change, at=at, changes=changes)
    _tell(change, "unauthorised" if change.is_unauthorised else "confirmed", at)


@transaction.atomic
def flag_unauthorised(now: datetime) -> int:
    """Flag what nobody confirmed in time (domain 2.5); returns how many. Again: none."""
    late = Change.objects.to_confirm(now).order_by("pk").values_list("pk", flat=True)
    count = 0
    for pk in list(late):
        present = cast(Change, locked(Change.objects.get(pk=pk)))
        if present.confirmed_at is None and not present.is_unauthorised:
            write(present, at=now, changes={"is_unauthorised": True})
            _tell(present, "unauthorised", now)
            count += 1
    return count


def _tell(change: Change, what: str, at: datetime) -> None:
    tickets.record(change, EventKind.CHANGE, by=None, at=at, data={"what": what})
