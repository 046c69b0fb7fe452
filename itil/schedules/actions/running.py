"""Schedules run: what has come due is opened, made up or left out, and written down.

A moment is dealt with in one transaction: the schedule moves on to its next moment, the line of the
log is written, and the record is opened. Whatever kills the worker in between leaves the moment as
it was. Two workers meet at the row of the schedule, and where rows are not locked at the
comparison with its next moment and at the unique line of the log.
"""

import logging
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from itil.desk.actions.changing import ensure
from itil.schedules import permissions
from itil.schedules.definition import Occasion, opener_of
from itil.schedules.models import Schedule, ScheduleRun
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel, EventKind
from portal.people.models import User

from .telling import tell_failure

logger = logging.getLogger(__name__)

Outcome = ScheduleRun.Outcome
# How many moments one call deals with, and of one schedule: a long standstill of one does not
# keep the others waiting.
BATCH = 200
IN_A_ROW = 25
# How long a page on which a run was confirmed is good for.
CONFIRMED_FOR = timedelta(hours=1)


def open_due(now: datetime, limit: int = BATCH, in_a_row: int = IN_A_ROW) -> int:
    """Deal with up to `limit` moments that have come at `now`; returns how many.

    Again: none, or the next ones. A schedule that fails stops no other one.
    """
    due = Schedule.objects.due(now).order_by("next_at", "pk").values_list("pk", flat=True)
    done = 0
    for key in list(due[:limit]):
        for _turn in range(min(in_a_row, limit - done)):
            try:
                if not _step(key, now):
                    break
            except OperationalError:
                # The database was busy or went away; nothing is changed, and the next call tries.
                logger.exception("Schedule %s was not run", key)
                break
            done += 1
    return done


@transaction.atomic
def run_now(
    schedule: Schedule, *, by: User, at: datetime, asked_at: datetime | None = None
) -> ScheduleRun:
    """Open it at once, beside its rule. `asked_at` is when the person was asked to confirm: sent
    twice, it is opened once. Raises NotAllowed and Refused; a refusal of the opener is a failed
    run.
    """
    present = Schedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    ensure(permissions.may_keep(by, present), _("You cannot run this schedule."))
    moment = asked_at or at
    if not at - CONFIRMED_FOR <= moment <= at:
        raise MissingValue("asked_at", _("This page is old. Look at the schedule, then run it."))
    if present.runs.filter(planned_at=moment).exists():
        raise Refused(_("It was run already. Its line is in the log."))
    return _run(present, moment, at, is_late=False, by=by)


def _step(key: int, now: datetime) -> bool:
    """Deal with the next moment of one schedule; False when nothing is due any more."""
    with transaction.atomic():
        found = Schedule.objects.select_for_update(of=("self",)).select_related(
            "owner", "calendar", "team"
        )
        schedule = found.get(pk=key)
        planned = schedule.next_at
        if not schedule.is_active or planned is None or planned > now:
            return False
        later = schedule.after(planned)
        moved = Schedule.objects.filter(pk=key, next_at=planned, is_active=True)
        if not moved.update(next_at=later):
            return False
        if schedule.runs.filter(planned_at=planned).exists():
            return True
        is_late = now - planned > schedule.grace
        reason = _left_out(schedule, later, now) if is_late else ""
        if reason:
            ScheduleRun.objects.create(
                schedule=schedule,
                planned_at=planned,
                ran_at=now,
                outcome=Outcome.SKIPPED,
                reason=reason,
                is_late=True,
            )
        else:
            _run(schedule, planned, now, is_late=is_late)
        return True


def _left_out(schedule: Schedule, later: datetime | None, now: datetime) -> str:
    """Why a missed run is not made up; empty when it is. The answer depends on what is due and
    not on how much of it is dealt with at once.
    """
    if schedule.missed == Schedule.Missed.NONE:
        return _("Missed: nothing ran at that time, and missed runs are left out.")
    if schedule.missed == Schedule.Missed.LATEST and later is not None and later <= now:
        return _("Missed: nothing ran at that time, and a later run was due as well.")
    return ""


def _run(
    schedule: Schedule, planned: datetime, now: datetime, *, is_late: bool, by: User | None = None
) -> ScheduleRun:
    """Open the record and write the line; a refusal is a line as well, and a mail to the owner."""
    run = ScheduleRun(
        schedule=schedule,
        planned_at=planned,
        ran_at=now,
        outcome=Outcome.OPENED,
        is_late=is_late,
        by=by,
    )
    try:
        with transaction.atomic():
            _open(schedule, run, now)
    except Refused as refusal:
        _failed(run, str(refusal))
    except OperationalError:
        raise
    except Exception:
        # An error in one opener: it is for the log of the process, and must not stop the others.
        logger.exception("Schedule %s could not open its record", schedule.pk)
        _failed(run, _("An error that is described in the log of the worker."))
    return run


def _open(schedule: Schedule, run: ScheduleRun, now: datetime) -> None:
    if not schedule.owner.is_active:
        raise Refused(
            _("%(name)s, who owns it, is not active any more. Name another owner.")
            % {"name": schedule.owner}
        )
    opener = opener_of(schedule.kind)
    occasion = Occasion(run.planned_at, schedule.time_zone, schedule.owner, now)
    opened = opener.open(opener.read(schedule.values), occasion)
    run.ticket_id, run.reason = opened.ticket.pk, opened.note
    run.save(force_insert=True)
    tickets.record(
        opened.ticket,
        EventKind.SCHEDULE,
        by=run.by,
        at=now,
        channel=Channel.SYSTEM,
        data={
            "schedule": schedule.pk,
            "title": schedule.title,
            "planned_at": run.planned_at.isoformat(),
            "late": run.is_late,
        },
    )


def _failed(run: ScheduleRun, reason: str) -> None:
    run.outcome, run.reason, run.ticket = Outcome.FAILED, reason, None
    run.save(force_insert=True)
    tell_failure(run)
