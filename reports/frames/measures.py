"""Everything that was promised and measured, to customers, between teams and by suppliers."""

from datetime import datetime

import pandas as pd
from django.db.models import Q

from itil.sla.models import BY_LEAD, ClockState, Outcome, SlaClock
from itil.tickets.models import EventKind, TicketEvent
from itil.tickets.querysets import TicketQuerySet, solver
from portal.people.models import Team

from .columns import COUNT, INSTANT, KEY, TEXT, typed_frame
from .levels import LEVEL

TYPES = {
    "ticket": COUNT,
    "number": TEXT,
    "kind": TEXT,
    "metric": TEXT,
    "priority": COUNT,
    "state": TEXT,
    "outcome": TEXT,
    "exclusion": TEXT,
    "started_at": INSTANT,
    "due_at": INSTANT,
    "outcome_at": INSTANT,
    "agreement": COUNT,
    "agreement_name": TEXT,
    "service": KEY,
    "service_name": TEXT,
    "team": KEY,
    "stay": KEY,
    "stay_name": TEXT,
    "supplier": KEY,
    "supplier_name": TEXT,
}
FIELDS = (
    "ticket_id",
    "ticket__number",
    "agreement__kind",
    "metric",
    "level",
    "state",
    "outcome",
    "exclusion",
    "started_at",
    "due_at",
    "outcome_at",
    "agreement_id",
    "agreement__name",
    "ticket__service_id",
    "ticket__service__name",
    "solver",
    "team_id",
    "team__name",
    "supplier_id",
    "supplier__name",
)
NOTE_TYPES = {"ticket": COUNT, "exclusion": TEXT, "note": TEXT, "by": TEXT, "at": INSTANT}


def measures_frame(tickets: TicketQuerySet, start: datetime, end: datetime) -> pd.DataFrame:
    """One row per clock that began before `end` and was not decided before `start`.

    `priority` is what was promised for (`codes.level_code`). `team` resolved the ticket, or holds
    it; `stay` is the team whose stay an OLA measures.
    """
    rows = (
        SlaClock.objects.filter(
            Q(outcome=Outcome.PENDING) | Q(outcome_at__gte=start),
            ticket__in=tickets.order_by().values("pk"),
            started_at__lt=end,
        )
        .exclude(state=ClockState.NOT_STARTED)
        .annotate(solver=solver("ticket__"), level=LEVEL)
        .order_by("pk")
        .values_list(*FIELDS)
        .iterator(chunk_size=5000)
    )
    frame = typed_frame(rows, TYPES)
    names = dict(Team.objects.values_list("pk", "name"))
    return frame.assign(team_name=frame["team"].map(names).fillna("").astype(TEXT))


def notes_frame(tickets: TicketQuerySet) -> pd.DataFrame:
    """Why and by whom clocks of `tickets` were left out, one row per time a lead did so."""
    rows = (
        TicketEvent.objects.filter(
            kind=EventKind.CLOCK,
            data__what="excluded",
            data__reason__in=[str(reason) for reason in BY_LEAD],
            ticket__in=tickets.order_by().values("pk"),
        )
        .order_by("ticket_id", "pk")
        .values_list("ticket_id", "data__reason", "data__note", "actor__name", "at")
    )
    return typed_frame(rows, NOTE_TYPES)
