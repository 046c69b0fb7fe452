"""Estimates that nobody answered end by themselves."""

from datetime import datetime

from django.db import transaction

from billing.estimates.lifecycle import State
from billing.estimates.models import Estimate, EstimateEvent
from itil.timesheets.hours import business_date

from .drafting import record


def expire_due(at: datetime) -> int:
    """End what waits after its last day, each in a transaction; returns how many."""
    today = business_date(at)
    ended = 0
    for pk in list(Estimate.objects.past(today).values_list("pk", flat=True)):
        with transaction.atomic():
            waiting = Estimate.objects.select_for_update(of=("self",)).waiting()
            estimate = waiting.filter(pk=pk).first()
            if estimate is None:
                continue
            estimate.state = State.EXPIRED
            estimate.save()
            record(estimate, EstimateEvent.Kind.EXPIRED, None, at)
            ended += 1
    return ended
