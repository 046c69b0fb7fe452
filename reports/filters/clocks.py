"""The clocks and tickets behind the figures of the service levels (`KPI-26`)."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from itil.sla.models import Agreement, ClockState, Metric, Outcome, SlaClock
from reports.frames.codes import PRIORITIES, SEVERITIES, level_of
from reports.metrics.period import Period

from .period import OverviewForm, scope_of

HIGHEST_KEY = 2**63 - 1
# Columns of clocks by the name of the parameter; 0 asks for those that have none.
KEYS = {
    "agreement": "agreement_id",
    "service": "ticket__service_id",
    "stay": "team_id",
    "supplier": "supplier_id",
}


class ClocksForm(OverviewForm):
    """What a link of the report says: which clocks, counted how."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(choices=Agreement.Kind.choices)
        self.fields["counted"] = forms.ChoiceField(choices=Outcome.choices)
        self.fields["metric"] = forms.ChoiceField(choices=Metric.choices, required=False)
        self.fields["priority"] = forms.TypedChoiceField(
            choices=[(code, code) for code in (*PRIORITIES, *SEVERITIES)],
            coerce=int,
            required=False,
            empty_value=None,
        )
        self.fields["solver"] = forms.IntegerField(
            min_value=0, max_value=HIGHEST_KEY, required=False
        )
        for name in KEYS:
            self.fields[name] = forms.IntegerField(
                min_value=0, max_value=HIGHEST_KEY, required=False
            )


def clocks_of(query: QueryDict, *, now: datetime) -> QuerySet[SlaClock]:
    """The clocks that `reports.metrics.levels` counts for a link; none for a broken one."""
    form = ClocksForm(query)
    if not form.is_valid():
        return SlaClock.objects.none()
    given, scope = form.cleaned_data, scope_of(form)
    tickets = scope.solved_tickets()
    if given["solver"] is not None:
        tickets = tickets.resolved_by(given["solver"] or None)
    found = SlaClock.objects.filter(
        agreement__kind=given["kind"], ticket__in=tickets.order_by().values("pk")
    ).exclude(state=ClockState.NOT_STARTED)
    if given["metric"]:
        found = found.filter(metric=given["metric"])
    if given["priority"]:
        scale, level = level_of(given["priority"])
        found = found.filter(target_key=scale, priority=level)
    for name, column in KEYS.items():
        if given[name] is not None:
            found = found.filter(**{column: given[name] or None})
    return found.filter(_counted(given["counted"], scope.period, now))


def _counted(outcome: str, period: Period, now: datetime) -> Q:
    """As `counted_once` has it."""
    start, end = period.start, period.end
    overdue = Q(outcome=Outcome.PENDING, state=ClockState.RUNNING, due_at__lt=now)
    if outcome == Outcome.PENDING:
        open_still = Q(outcome=Outcome.PENDING) & ~(overdue & Q(due_at__lt=end))
        later = Q(outcome__in=(Outcome.MET, Outcome.BREACHED), outcome_at__gte=end)
        return Q(started_at__lt=end) & (open_still | later)
    inside = Q(outcome=outcome, started_at__lt=end, outcome_at__gte=start, outcome_at__lt=end)
    if outcome == Outcome.BREACHED:
        inside |= overdue & Q(due_at__gte=start, due_at__lt=end)
    return inside
