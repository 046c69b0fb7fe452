"""What a list of records shows, by what the rows of an indicator stand for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from itil.sla.models import Agreement, SlaClock
from itil.surveys.models import Rating
from itil.tickets.models import Category, Ticket
from itil.timesheets.models import Activity, TimeEntry
from knowledgebase.models import Consultation
from portal.people.models import Organization, Team, User
from portal.ui.tables import Column
from reports.metrics.indicator import Record
from reports.permissions import may_see_reports

# Whose names stand for the keys of a dimension.
NAMED: dict[str, Any] = {
    "team": Team,
    "service": Service,
    "organization": Organization,
    "supplier": Organization,
    "agent": User,
    "agreement": Agreement,
    "category": Category,
    "activity": Activity,
}


@dataclass(frozen=True)
class RecordTable:
    """Records of one kind. `seen_by` gives those a person may see; `ticket` is the path to the
    ticket of a row, whose number and subject stand first and are searched ("": it is one itself;
    None: it has none, and `searched` says what is searched). `link`: the column that leads to the
    own page of a row without a ticket. `own_columns`: those that only the lists of one indicator
    show, by its key."""

    seen_by: Callable[[User], QuerySet[Any]]
    columns: tuple[Column, ...]
    noun: str | Promise
    default_sort: str
    ticket: str | None = ""
    searched: tuple[str, ...] = ()
    link: str = "title"
    own_columns: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)

    def columns_behind(self, indicator: str) -> tuple[Column, ...]:
        """What the lists of an indicator show."""
        return (*self.columns, *self.own_columns.get(indicator, ()))

    @property
    def search_fields(self) -> tuple[str, ...]:
        if self.ticket is None:
            return self.searched
        before = f"{self.ticket}__" if self.ticket else ""
        return (f"{before}number", f"{before}title", *self.searched)

    def ticket_of(self, row: Any) -> Ticket | None:
        """The ticket that a row leads to."""
        if self.ticket is None:
            return None
        found: Ticket | None = getattr(row, self.ticket) if self.ticket else row
        return found

    def url_of(self, row: Any) -> str:
        """The own page of a row without a ticket, where there is one."""
        return str(row.get_absolute_url()) if self.link != "title" else ""


def _ticket_columns(path: str) -> tuple[Column, ...]:
    sort, value = (f"{path}__", f"{path}.") if path else ("", "")
    return (
        Column("number", _("Ticket"), sort=f"{sort}number", value=f"{value}number"),
        Column("title", _("Subject"), sort=f"{sort}title", value=f"{value}title"),
    )


def _of_tickets(model: Any) -> Callable[[User], QuerySet[Any]]:
    """Rows of the tickets that a person may open."""

    def seen_by(user: User) -> QuerySet[Any]:
        tickets = Ticket.objects.visible_to(user).order_by().values("pk")
        found: QuerySet[Any] = model.objects.filter(ticket__in=tickets)
        return found

    return seen_by


def _consultations(user: User) -> QuerySet[Any]:
    """They belong to no ticket and tell what was typed: for those who see the whole desk."""
    found: QuerySet[Any] = Consultation.objects.select_related("article").defer("article__body")
    return found if may_see_reports(user) else found.none()


TABLES: dict[str, RecordTable] = {
    Record.TICKET: RecordTable(
        seen_by=lambda user: Ticket.objects.visible_to(user).select_related("organization", "team"),
        noun=_("Tickets"),
        default_sort="-received",
        columns=(
            *_ticket_columns(""),
            Column("kind", _("Type"), sort="kind", value=lambda row: capfirst(row.kind_label)),
            Column("priority", _("Priority"), sort="priority", value="get_priority_display"),
            Column("status", _("Status"), value="status_label"),
            Column("organization", _("Organization"), sort="organization__name",
                   value="organization.name"),
            Column("team", _("Team"), sort="team__name", value="team.name"),
            Column("received", _("Received"), sort="received_at", value="received_at"),
            Column("resolved", _("Resolved"), sort="resolved_at", value="resolved_at"),
        ),
    ),
    Record.CLOCK: RecordTable(
        seen_by=lambda user: _of_tickets(SlaClock)(user).select_related("ticket", "agreement"),
        ticket="ticket",
        noun=_("Promises"),
        default_sort="-due",
        columns=(
            *_ticket_columns("ticket"),
            Column("metric", _("Measure"), sort="metric", value="get_metric_display"),
            Column("priority", _("Priority"), sort="priority", value="level_text"),
            Column("agreement", _("Agreement"), sort="agreement__name", value="agreement.name"),
            Column("outcome", _("Outcome"), value="get_outcome_display"),
            Column("due", _("Due"), sort="due_at", value="due_at"),
            Column("stopped", _("Done"), sort="stopped_at", value="stopped_at"),
        ),
    ),
    Record.RATING: RecordTable(
        seen_by=lambda user: Rating.objects.visible_to(user).select_related("ticket"),
        ticket="ticket",
        noun=_("Ratings"),
        default_sort="-rated",
        searched=("comment",),
        columns=(
            *_ticket_columns("ticket"),
            Column("score", _("Rating"), sort="score"),
            Column("comment", _("Comment")),
            Column("rated", _("Rated"), sort="rated_at", value="rated_at"),
        ),
        # What few people said of it is not told; a list of another figure cannot know how many did.
        own_columns={
            "nps": (Column("recommendation", _("Recommends us, 0 to 10"), sort="recommendation"),),
        },
    ),
    Record.ENTRY: RecordTable(
        seen_by=lambda user: TimeEntry.objects.visible_to(user).select_related(
            "ticket", "agent", "activity"
        ),
        ticket="ticket",
        noun=_("Time entries"),
        default_sort="-date",
        searched=("note",),
        columns=(
            *_ticket_columns("ticket"),
            Column("date", _("Date"), sort="work_date", value="work_date"),
            Column("agent", _("Person"), sort="agent__name", value="agent.name"),
            Column("activity", _("Activity"), sort="activity__name", value="activity.name"),
            Column("minutes", _("Minutes"), sort="minutes"),
            Column("billing", _("Billing"), value="get_billing_kind_display"),
        ),
    ),
    Record.CONSULTATION: RecordTable(
        seen_by=_consultations,
        ticket=None,
        noun=_("Forms"),
        default_sort="-started",
        searched=("query",),
        columns=(
            Column("query", _("Typed"), sort="query"),
            Column("article", _("Answer"), sort="article__title", value="article.title"),
            Column("started", _("When"), sort="started_at", value="started_at"),
        ),
    ),
}  # fmt: skip


def register(record: Record, table: RecordTable) -> None:
    """Add the list of an upper app's records; its module `tables` does so when it is imported."""
    TABLES[record] = table


def table_of(record: str) -> RecordTable | None:
    """The list of records of this kind; None where they have none. The modules `tables` of upper
    apps are imported when one is asked for that is not known."""
    if record in (*Record,) and record not in TABLES:
        autodiscover_modules("tables")
    return TABLES.get(record)


def name_of(dimension: str, key: str | int) -> str:
    """What the record of a dimension's key is called; empty where there is none."""
    if dimension not in NAMED or not key:
        return ""
    found = NAMED[dimension].objects.filter(pk=key).first()
    return str(found) if found else ""
