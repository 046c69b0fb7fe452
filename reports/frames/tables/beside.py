"""The frames of what stands beside tickets: the desk's own records, links, and who helped himself.

They are small, so they are always read from the database.
"""

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from itil.changes.models import Change, Conflict
from itil.problems.models import Problem, Workaround
from itil.tickets.models import EventKind, TicketEvent, TicketLink
from knowledgebase.models import Consultation, Feedback
from reports.frames.columns import CHOICE, COUNT, FLAG, INSTANT, KEY, TEXT
from reports.frames.selection import Selection

from .of_tickets import flag
from .shape import Column, apart


def _records(model: Any, selection: Selection) -> QuerySet[Any]:
    """Changes or problems of the services, teams and organizations of a selection, of any time."""
    return selection.narrow(
        model.objects.filter(is_confidential=False),
        services="service_id",
        teams="team_id",
        organizations="organization_id",
        priorities="priority",
    )


def _submitted() -> Subquery:
    """When a change first left its draft."""
    left = TicketEvent.objects.filter(
        ticket=OuterRef("pk"), kind=EventKind.MOVED, data__from="draft"
    )
    return Subquery(left.order_by("at", "pk").values("at")[:1])


def _conflicts(condition: Q) -> Coalesce:
    """How many conflicts of a change there are, those that are gone included."""
    counted = (
        Conflict.objects.filter(condition, change=OuterRef("pk"))
        .order_by()
        .values("change")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


_HEAD = {
    "number": Column(TEXT),
    "status": Column(CHOICE),
    "phase": Column(CHOICE),
    "priority": Column(COUNT),
    "organization": Column(COUNT, "organization_id"),
    "team": Column(KEY, "team_id"),
    "assignee": Column(KEY, "assignee_id"),
    "service": Column(KEY, "service_id"),
    "category": Column(KEY, "category_id"),
    "received_at": Column(INSTANT),
    "resolved_at": Column(INSTANT),
    "closed_at": Column(INSTANT),
}

CHANGES = apart(
    name="changes",
    rows=lambda selection: _records(Change, selection),
    columns={
        "change": Column(COUNT, "pk"),
        **_HEAD,
        "type": Column(CHOICE, "change_type"),
        "risk": Column(CHOICE),
        "environment": Column(CHOICE),
        "outcome": Column(CHOICE),
        "submitted_at": Column(INSTANT, _submitted()),
        "authorized_at": Column(INSTANT),
        "planned_start": Column(INSTANT),
        "planned_end": Column(INSTANT),
        "actual_start": Column(INSTANT),
        "actual_end": Column(INSTANT),
        "is_expedited": Column(FLAG),
        "outside_window": Column(FLAG),
        "is_retrospective": Column(FLAG),
        "is_unauthorised": Column(FLAG),
        "caused_incident": Column(FLAG),
        # Conflicts that were ever found, and those of them that somebody accepted.
        "collisions": Column(COUNT, _conflicts(Q())),
        "overridden": Column(COUNT, _conflicts(Q(acknowledged_at__isnull=False))),
    },
)

PROBLEMS = apart(
    name="problems",
    rows=lambda selection: _records(Problem, selection),
    columns={
        "problem": Column(COUNT, "pk"),
        **_HEAD,
        "is_known_error": Column(FLAG),
        "known_error_at": Column(INSTANT),
        "resolution_code": Column(CHOICE),
        "has_workaround": Column(
            FLAG, flag(Q(Exists(Workaround.objects.filter(problem=OuterRef("pk")))))
        ),
        # When the fix was applied, of those that were fixed.
        "fixed_at": Column(INSTANT, Case(When(resolution_code="fix_applied", then="resolved_at"))),
        "reanalysed_count": Column(COUNT),
    },
)

LINKS = apart(
    name="links",
    rows=lambda selection: TicketLink.objects.filter(
        Q(source__in=selection.tickets().order_by().values("pk"))
        | Q(target__in=selection.tickets().order_by().values("pk"))
        | Q(source__kind__in=("problem", "change"), target__kind__in=("problem", "change")),
        source__is_confidential=False,
        target__is_confidential=False,
    ),
    has_own_time=True,
    columns={
        "source": Column(COUNT, "source_id"),
        "target": Column(COUNT, "target_id"),
        # As it reads from the source: `caused_by`, `fixed_by`, ….
        "type": Column(CHOICE),
        "source_kind": Column(CHOICE, "source__kind"),
        "target_kind": Column(CHOICE, "target__kind"),
        "created_at": Column(INSTANT),
        "source_received_at": Column(INSTANT, "source__received_at"),
    },
)


def _of_people(rows: QuerySet[Any], selection: Selection) -> QuerySet[Any]:
    """Of the people of its organizations: what was read belongs to no team."""
    return selection.narrow(rows, organizations="user__organization_id")


CONSULTATIONS = apart(
    name="consultations",
    rows=lambda selection: _of_people(
        Consultation.objects.exclude(ticket__is_confidential=True), selection
    ),
    has_own_time=True,
    falls_at="started_at",
    columns={
        "consultation": Column(COUNT, "pk"),
        "user": Column(COUNT, "user_id"),
        "organization": Column(KEY, "user__organization_id"),
        "started_at": Column(INSTANT),
        "opened_at": Column(INSTANT),
        "solved_at": Column(INSTANT),
        "sent_at": Column(INSTANT),
        "came_back_at": Column(INSTANT),
    },
)

FEEDBACK = apart(
    name="feedback",
    rows=lambda selection: _of_people(Feedback.objects.filter(user__isnull=False), selection),
    has_own_time=True,
    falls_at="at",
    columns={
        "article": Column(COUNT, "article_id"),
        "user": Column(COUNT, "user_id"),
        "organization": Column(KEY, "user__organization_id"),
        "solved": Column(FLAG),
        "at": Column(INSTANT),
    },
)
