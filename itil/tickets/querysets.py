"""Named reads of tickets; who may see one is decided here and nowhere else (`VIS-1`)."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.expressions import RawSQL

from .lifecycle import Phase


def constant(text: str) -> RawSQL:
    """A text written into the statement instead of bound to it; for texts of our code only.

    SQLite uses a partial index only when it sees, while it plans, that the condition holds.
    """
    return RawSQL(f"'{text}'", ())  # noqa: S611 - no text from outside comes here


def solver(path: str = "") -> Case:
    """The key of the team that held the ticket at `path` (`ticket__`) when it was last resolved;
    of others the one that holds it."""
    return Case(
        When(**{f"{path}resolved_at__isnull": True}, then=F(f"{path}team_id")),
        default=F(f"{path}resolved_team_id"),
        output_field=models.BigIntegerField(),
    )


class TicketQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> Self:
        """The tickets `user` may open, in whatever part (domain section 8, 'View ticket').

        Everyone sees the own ones (requester, requested for, assignee, watcher); a contact who
        sees the organization, its tickets; an agent, those of the own teams and those no team
        holds yet; leads, managers of all kinds and administrators, all. Confidential tickets are
        left to the people concerned and the members of the team that holds them (`VIS-3`). The
        desk's own records are for staff only, whoever they concern.
        """
        if not user.is_authenticated:
            return self.none()
        own = concerned_in(user)
        grants = user.grants
        if grants.sees_all_tickets:
            wider = Q(is_confidential=False)
            if grants.team_ids:
                wider |= Q(team_id__in=grants.team_ids)
            return self.filter(own | wider)
        wider = Q(pk__isnull=True)
        if grants.is_agent:
            wider |= Q(team_id__in=grants.team_ids) | Q(team__isnull=True, is_confidential=False)
        if grants.is_billing_clerk:
            wider |= Q(is_confidential=False, time_entries__billing_kind="billable")
        if user.sees_organization and user.organization_id:
            wider |= Q(organization_id=user.organization_id, is_confidential=False) & ~Q(
                kind__in=self.model.internal_kinds()
            )
        found = (self if grants.is_staff else self.asked_for()).filter(own | wider)
        return found.distinct() if grants.is_billing_clerk else found

    def asked_for(self) -> Self:
        """What people asked for, without the desk's own records (problems, changes, releases)."""
        return self.exclude(kind__in=self.model.internal_kinds())

    def of_requester(self, user):
        """Tickets that `user` asked for or that were asked for `user`."""
        return self.asked_for().filter(Q(requester=user) | Q(requested_for=user))

    def with_absorbed(self, ticket) -> Self:
        """`ticket` and all that was merged into it; merging keeps every chain one step long."""
        # A union: of the two joined by OR neither database finds both by their indexes.
        tickets = self.model.objects.order_by().values("pk")
        absorbed = tickets.filter(merged_into=ticket.pk)
        return self.filter(pk__in=tickets.filter(pk=ticket.pk).union(absorbed, all=True))

    def survivor_of(self, ticket: Any) -> Any:
        """The ticket that carries the matter of `ticket` on: the end of its merges (`INC-5`).

        Itself unless it was merged; one query for each step, which is one in all but old data.
        """
        passed = {ticket.pk}
        while ticket.merged_into is not None and ticket.merged_into_id not in passed:
            passed.add(ticket.merged_into_id)
            ticket = ticket.merged_into
        return ticket

    def open(self) -> Self:
        """Not done yet, waiting ones included."""
        return self.exclude(phase=constant(Phase.DONE))

    def open_at(self, instant):
        """Tickets that were open at `instant`, by their events and not by their present state.

        The last opening or move before the instant decides (`KPI-9`). One indexed look-up per
        ticket received before it.
        """
        events = self.model._meta.get_field("events").related_model
        last_phase = (
            events.objects.filter(
                ticket=OuterRef("pk"), kind__in=("opened", "moved"), at__lt=instant
            )
            .order_by("-at", "-pk")
            .values("phase")[:1]
        )
        return self.alias(phase_then=Subquery(last_phase)).filter(
            phase_then__in=(Phase.OPEN, Phase.WAITING)
        )

    def resolved_by(self, team: int | None) -> Self:
        """Tickets that `team` held when they were last resolved; of the others, those it holds.

        None: those that no team did.
        """
        return self.alias(solver=solver()).filter(
            **({"solver__isnull": True} if team is None else {"solver": team})
        )

    def unassigned(self) -> Self:
        return self.filter(assignee__isnull=True)

    def late(self, now):
        """Open tickets with a breached clock or one whose due instant has passed at `now`."""
        return self.open().filter(Q(due_at__lt=now) | Q(is_breached=True))

    def at_risk(self, now):
        """Open tickets whose next clock has used its warning share at `now` and is not late."""
        return self.open().filter(at_risk_at__lte=now, due_at__gte=now)


def concerned_in(user) -> Q:
    """Tickets in which `user` takes part in person."""
    return (
        Q(requester=user)
        | Q(requested_for=user)
        | Q(assignee=user)
        | Q(pk__in=user.watched.values("ticket"))
    )
