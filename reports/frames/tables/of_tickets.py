"""The frames of what people asked for: tickets and what happened on them."""

from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.fields import BigIntegerField, BooleanField
from django.db.models.functions import Coalesce

from catalog.requests.models import ServiceRequest
from itil.conversation.models import Message
from itil.sla.models import ClockState, SlaClock
from itil.surveys.models import Rating, Survey
from itil.tickets.models import EventKind, Ticket, TicketEvent
from itil.tickets.querysets import constant, solver
from itil.timesheets.models import TimeEntry
from reports.frames.codes import UNSOLVED
from reports.frames.columns import CHOICE, COUNT, DAY, FLAG, INSTANT, KEY, TEXT
from reports.frames.levels import LEVEL
from reports.frames.selection import Selection

from .shape import Column, Derived, Json, JsonKey, Table


def _events(selection: Selection, *kinds: str) -> QuerySet[TicketEvent]:
    # The database uses the index of these kinds where it sees them while it plans.
    return of_tickets(TicketEvent.objects.filter(kind__in=map(constant, kinds)), selection)


def of_tickets(rows: QuerySet[Any], selection: Selection, path: str = "ticket") -> QuerySet[Any]:
    """The rows of the tickets of a selection, or of those that it names as near."""
    if selection.near is not None:
        return rows.filter(selection.near.condition(path))
    if selection.is_of_some_time:
        return rows.filter(**{f"{path}__in": selection.tickets().order_by().values("pk")})
    # Of most tickets there are: each row is asked for its own.
    return rows.filter(selection.condition("" if path == "pk" else f"{path}__"))


def _ticket_columns(path: str = "ticket__") -> dict[str, Column]:
    """Where the ticket belongs, for frames of which the tickets may be of any time."""
    return {
        "kind": Column(CHOICE, f"{path}kind"),
        "priority": Column(COUNT, f"{path}priority"),
        "channel": Column(CHOICE, f"{path}channel"),
        "service": Column(KEY, f"{path}service_id"),
        "organization": Column(COUNT, f"{path}organization_id"),
        "category": Column(KEY, f"{path}category_id"),
    }


def flag(condition: Q) -> Case:
    """Whether the condition holds; never empty."""
    return Case(
        When(condition, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )


TICKETS = Table(
    name="tickets",
    rows=lambda selection: selection.tickets(),
    ticket="pk",
    order=("pk",),
    usual=(
        "ticket",
        "kind",
        "status",
        "priority",
        "channel",
        "organization",
        "team",
        "solver",
        "service",
        "category",
        "received_at",
        "acknowledged_at",
        "first_response_at",
        "resolved_at",
        "first_resolved_at",
        "closed_at",
        "reopen_count",
        "merged_into",
        "parent",
    ),
    columns={
        "ticket": Column(COUNT, "pk"),
        "kind": Column(CHOICE),
        "status": Column(CHOICE),
        "phase": Column(CHOICE),
        "hold_reason": Column(CHOICE),
        "priority": Column(COUNT),
        "impact": Column(COUNT),
        "urgency": Column(COUNT),
        "channel": Column(CHOICE),
        "requester": Column(COUNT, "requester_id"),
        "organization": Column(COUNT, "organization_id"),
        "team": Column(KEY, "team_id"),
        # The team that held it when it was last resolved; of others the one that holds it.
        "solver": Column(KEY, solver()),
        "assignee": Column(KEY, "assignee_id"),
        "service": Column(KEY, "service_id"),
        "category": Column(KEY, "category_id"),
        "received_at": Column(INSTANT),
        "acknowledged_at": Column(INSTANT),
        "first_assigned_at": Column(INSTANT),
        "first_response_at": Column(INSTANT),
        "resolved_at": Column(INSTANT),
        "first_resolved_at": Column(INSTANT),
        "closed_at": Column(INSTANT),
        "updated_at": Column(INSTANT),
        "reopen_count": Column(COUNT),
        "reassignment_count": Column(COUNT),
        "merged_into": Column(KEY, "merged_into_id"),
        "parent": Column(KEY, "parent_id"),
    },
    derived={
        "is_child": Derived(FLAG, ("parent",), lambda rows: rows["parent"].notna()),
        "is_merged": Derived(FLAG, ("merged_into",), lambda rows: rows["merged_into"].notna()),
        "is_cancelled": Derived(FLAG, ("status",), lambda rows: rows["status"].isin(UNSOLVED)),
    },
)

PHASES = Table(
    name="phases",
    rows=lambda selection: _events(selection, EventKind.OPENED, EventKind.MOVED),
    order=("ticket_id", "at", "pk"),
    columns={
        "ticket": Column(COUNT, "ticket_id"),
        "at": Column(INSTANT),
        "phase": Column(CHOICE),
        "status": Column(CHOICE, Coalesce(Json("data", "to"), Json("data", "status"))),
        # Empty of an opening.
        "verb": Column(CHOICE, Json("data", "verb")),
        "marks": Column(CHOICE, Json("data", "marks")),
        "hold_reason": Column(CHOICE, Json("data", "hold_reason")),
        # The requester was on the line while it was opened.
        "is_live": Column(FLAG, flag(Q(kind=EventKind.OPENED, data__live=True))),
        "actor": Column(KEY, "actor_id"),
    },
)

TEAMS = Table(
    name="teams",
    rows=lambda selection: _events(selection, EventKind.OPENED, EventKind.ASSIGNED).exclude(
        kind=EventKind.ASSIGNED, data__what="person"
    ),
    order=("ticket_id", "at", "pk"),
    columns={
        "ticket": Column(COUNT, "ticket_id"),
        "at": Column(INSTANT),
        "team": Column(
            KEY,
            Case(
                When(kind=EventKind.OPENED, then=JsonKey("data", "team")),
                default=JsonKey("data", "to"),
            ),
        ),
    },
)

REPRIORITIZED = Table(
    name="reprioritized",
    rows=lambda selection: _events(selection, EventKind.EDITED).filter(
        data__changes__has_key="priority"
    ),
    order=("ticket_id", "at", "pk"),
    columns={"ticket": Column(COUNT, "ticket_id"), "at": Column(INSTANT)},
)

CLOCKS = Table(
    name="clocks",
    rows=lambda selection: of_tickets(
        SlaClock.objects.exclude(state=ClockState.NOT_STARTED), selection
    ),
    order=("pk",),
    sorted_by="clock",
    columns={
        "clock": Column(COUNT, "pk"),
        "ticket": Column(COUNT, "ticket_id"),
        "metric": Column(CHOICE),
        # What was promised for: a priority, or a severity by contract (`codes.level_code`).
        "target": Column(COUNT, LEVEL),
        "state": Column(CHOICE),
        "outcome": Column(CHOICE),
        "exclusion": Column(CHOICE),
        "started_at": Column(INSTANT),
        "due_at": Column(INSTANT),
        "stopped_at": Column(INSTANT),
        "outcome_at": Column(INSTANT),
        "elapsed_seconds": Column(COUNT),
        "target_seconds": Column(COUNT),
        "agreement": Column(COUNT, "agreement_id"),
        # sla: with a customer, ola: between teams, uc: of a supplier.
        "agreement_kind": Column(CHOICE, "agreement__kind"),
        # The team whose stay is measured, the supplier who is.
        "stay": Column(KEY, "team_id"),
        "supplier": Column(KEY, "supplier_id"),
    },
)

MESSAGES = Table(
    name="messages",
    rows=lambda selection: of_tickets(Message.objects.all(), selection),
    order=("ticket_id", "at", "pk"),
    columns={
        "ticket": Column(COUNT, "ticket_id"),
        "at": Column(INSTANT),
        "author": Column(KEY, "author_id"),
        "visibility": Column(CHOICE),
        "is_staff_side": Column(FLAG),
        "is_automatic": Column(FLAG),
        "via": Column(CHOICE, "channel"),
    },
)

REQUESTS = Table(
    name="requests",
    rows=lambda selection: of_tickets(ServiceRequest.objects.all(), selection, "pk"),
    ticket="pk",
    order=("pk",),
    columns={
        "ticket": Column(COUNT, "pk"),
        "approved_at": Column(INSTANT),
        "item": Column(KEY, "item_id"),
    },
)

RATINGS = Table(
    name="ratings",
    rows=lambda selection: of_tickets(Rating.objects.all(), selection),
    order=("pk",),
    sorted_by="rating",
    has_own_time=True,
    falls_at="rated_at",
    columns={
        "rating": Column(COUNT, "pk"),
        "ticket": Column(COUNT, "ticket_id"),
        "score": Column(COUNT),
        # 0 to 10, of those who were asked and said something.
        "recommendation": Column(KEY),
        "recommendation_asked": Column(FLAG),
        "rated_at": Column(INSTANT),
        "is_merged": Column(FLAG, flag(Q(ticket__merged_into__isnull=False))),
        "is_cancelled": Column(FLAG, flag(Q(ticket__status__in=UNSOLVED))),
        "team": Column(KEY, "ticket__team_id"),
        "solver": Column(KEY, solver("ticket__")),
        **_ticket_columns(),
    },
)

SURVEYS = Table(
    name="surveys",
    rows=lambda selection: of_tickets(Survey.objects.delivered(), selection),
    order=("pk",),
    has_own_time=True,
    falls_at="asked_at",
    # Whether a mail arrived changes without anything happening to the ticket.
    is_stored=False,
    columns={
        "survey": Column(COUNT, "pk"),
        "ticket": Column(COUNT, "ticket_id"),
        "asked_at": Column(INSTANT),
        "answered": Column(FLAG, flag(Q(answered_at__isnull=False))),
        "is_merged": Column(FLAG, flag(Q(ticket__merged_into__isnull=False))),
        "is_cancelled": Column(FLAG, flag(Q(ticket__status__in=UNSOLVED))),
        "team": Column(KEY, "ticket__team_id"),
        "solver": Column(KEY, solver("ticket__")),
        **_ticket_columns(),
    },
)

TIME = Table(
    name="time",
    rows=lambda selection: of_tickets(TimeEntry.objects.all(), selection),
    order=("pk",),
    sorted_by="entry",
    has_own_time=True,
    falls_at="work_date",
    columns={
        "entry": Column(COUNT, "pk"),
        "ticket": Column(COUNT, "ticket_id"),
        "work_date": Column(DAY),
        "started_at": Column(INSTANT),
        "ended_at": Column(INSTANT),
        # Raw, before any contract rounds them.
        "minutes": Column(COUNT),
        "agent": Column(COUNT, "agent_id"),
        "activity": Column(COUNT, "activity_id"),
        "activity_kind": Column(CHOICE, "activity__kind"),
        "billing_kind": Column(CHOICE),
        "state": Column(CHOICE),
        "team": Column(KEY, "ticket__team_id"),
        **_ticket_columns(),
    },
)

# What the sources of imported tickets recorded beside what every ticket has (column `custom`), and
# what holds of our own tickets where nothing was.
RECORDED = Table(
    name="recorded",
    rows=lambda selection: of_tickets(Ticket.objects.all(), selection, "pk"),
    ticket="pk",
    order=("pk",),
    columns={
        "ticket": Column(COUNT, "pk"),
        "requester_code": Column(TEXT, "requester__source_reference"),
        "contact_type": Column(TEXT, Json("custom", "contact_type")),
        "problem_id": Column(TEXT, Json("custom", "problem_id")),
        "rfc": Column(TEXT, Json("custom", "rfc")),
        "caused_by": Column(TEXT, Json("custom", "caused_by")),
        "made_sla": Column(
            KEY,
            Case(
                When(custom__made_sla=True, then=Value(1)),
                When(custom__made_sla=False, then=Value(0)),
                output_field=BigIntegerField(),
            ),
        ),
        "log_rows": Column(COUNT, Coalesce(JsonKey("custom", "log_rows"), Value(0))),
        # False only where it is said: a negated condition on what is not there would not hold.
        "resolution_recorded": Column(
            FLAG,
            Case(
                When(custom__resolution_recorded=False, then=Value(value=False)),
                default=Value(value=True),
                output_field=BooleanField(),
            ),
        ),
        "knowledge": Column(FLAG, flag(Q(custom__knowledge=True))),
        "closure_code": Column(TEXT, Json("custom", "closure_code")),
        "submitted_photo": Column(FLAG, flag(Q(custom__submitted_photo=True))),
        # Codes of the steps of a log without states, in order.
        "activities": Column(TEXT, Json("custom", "activities")),
    },
)
