"""What the system does with problems as time passes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from itil.desk.actions.changing import locked
from itil.problems.lifecycle import ResolutionCode, Status
from itil.problems.models import Problem
from itil.tickets import actions as tickets
from itil.tickets.errors import Refused
from itil.tickets.models import Channel, EventKind

from .moving import move

# How many records one run of a timed job works through; the next run takes the rest.
BATCH = 200


def close_verified(now: datetime) -> int:
    """Close what was fixed and has proved itself; returns how many. Safe to run twice.

    What still has open tasks stays, and is asked again the next time.
    """
    limit = now - timedelta(days=settings.PROBLEM_VERIFICATION_DAYS)
    due = Problem.objects.filter(
        status=Status.RESOLVED,
        resolution_code=ResolutionCode.FIX_APPLIED,
        resolved_at__lte=limit,
    ).order_by("resolved_at", "pk")
    return sum(_closed(problem, now) for problem in due[:BATCH])


def _closed(problem: Problem, now: datetime) -> bool:
    try:
        move(problem, "close", by=None, at=now, channel=Channel.SYSTEM)
    except Refused:
        return False
    return True


def remind_of_reviews(now: datetime) -> int:
    """Remind that an accepted risk is to be looked at again, once for each date; how many."""
    today = timezone.localdate(now)
    due = Problem.objects.filter(
        Q(reminded_on__isnull=True) | ~Q(reminded_on=F("review_on")),
        status=Status.RESOLVED,
        resolution_code=ResolutionCode.RISK_ACCEPTED,
        review_on__lte=today,
    ).order_by("review_on", "pk")
    return sum(_remind(problem, now) for problem in due[:BATCH])


@transaction.atomic
def _remind(problem: Problem, now: datetime) -> bool:
    """False when another run was faster."""
    present = locked(problem)
    mine = Problem.objects.filter(pk=present.pk, review_on=problem.review_on).exclude(
        reminded_on=problem.review_on
    )
    if problem.review_on is None or not mine.update(reminded_on=problem.review_on):
        return False
    data = {"what": "review_due", "on": problem.review_on.isoformat()}
    tickets.record(present, EventKind.PROBLEM, by=None, at=now, channel=Channel.SYSTEM, data=data)
    return True
