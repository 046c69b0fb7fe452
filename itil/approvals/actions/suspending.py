"""An approval waits because its record is on hold, or has another deadline."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.approvals.models import ApprovalProcess, ApprovalStep, OnTimeout, Source, Vote
from itil.approvals.terms import StepTerms
from itil.tickets.errors import MissingValue
from itil.tickets.models import Ticket

from .running import locked, run_on, tell


@transaction.atomic
def suspend(ticket: Ticket, *, at: datetime) -> ApprovalProcess | None:
    """Stop the vote and its time-outs (`CHG-2`); None when nothing runs or it waits already."""
    process = _running(ticket)
    if process is None or process.suspended_at is not None:
        return None
    process.suspended_at = at
    process.save(update_fields=["suspended_at"])
    running = process.steps.filter(state=ApprovalStep.State.RUNNING, paused_at__isnull=True)
    running.update(paused_at=at)
    tell(process, "suspended", at=at)
    return process


@transaction.atomic
def resume(ticket: Ticket, *, at: datetime) -> ApprovalProcess | None:
    """Let the vote go on with the time that was left; a deadline moves by as long as it waited."""
    process = _running(ticket)
    if process is None or process.suspended_at is None:
        return None
    waited = at - process.suspended_at
    process.suspended_at = None
    process.save(update_fields=["suspended_at"])
    for step in process.steps.filter(state=ApprovalStep.State.RUNNING):
        terms = StepTerms.of(step.terms)
        if terms.closes_at is not None:
            step.terms = replace(terms, closes_at=terms.closes_at + waited).as_data()
            step.save(update_fields=["terms"])
        run_on(step, process, at=at)
    tell(process, "resumed", at=at)
    return process


@transaction.atomic
def set_deadline(ticket: Ticket, closes_at: datetime, *, at: datetime) -> bool:
    """Let the votes of a board that decides now count until `closes_at`; False when none does.

    Raises MissingValue for a moment that is over.
    """
    process = _running(ticket)
    if process is None:
        return False
    step = process.steps.filter(state=ApprovalStep.State.RUNNING).first()
    if step is None:
        return False
    terms = StepTerms.of(step.terms)
    if terms.source != Source.BOARD or terms.closes_at == closes_at:
        return False
    if closes_at <= at:
        raise MissingValue("votes_until", _("Choose a time that is still to come."))
    terms = replace(terms, closes_at=closes_at, on_timeout=OnTimeout.EXPIRE)
    step.terms = terms.as_data()
    step.save(update_fields=["terms"])
    waiting = Vote.objects.filter(step=step, state=Vote.State.WAITING)
    waiting.update(due_at=closes_at)
    waiting.filter(next_at__gt=closes_at).update(next_at=closes_at)
    tell(process, "deadline", at=at, step=step.position, label=step.label)
    return True


def _running(ticket: Ticket) -> ApprovalProcess | None:
    """The running process of the ticket, locked."""
    found = ApprovalProcess.objects.of(ticket).running().first()
    if found is None:
        return None
    process = locked(found.pk)
    return process if process.is_running else None
