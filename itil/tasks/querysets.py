"""Named reads of tasks; who may see one is decided here and nowhere else (`VIS-1`)."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from itil.tickets.lifecycle import Phase
from itil.tickets.querysets import constant
from portal.people.models import Delegation

from .lifecycle import SETTLED, Status


def taken_over(user: Any, at: datetime) -> Q:
    """The tasks of the people for whom `user` stands in at `at`; those of confidential tickets
    only where that was allowed (`APP-6`). No statement of its own.
    """
    theirs = Delegation.objects.in_force(at).of(Delegation.Kind.TASKS).filter(delegate=user)
    return Q(assignee__in=theirs.values("delegator"), ticket__is_confidential=False) | Q(
        assignee__in=theirs.confidential().values("delegator")
    )


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user: Any, at: datetime | None = None) -> Self:
        """The tasks `user` may open at `at`, or now: a task is the desk's inside.

        Whoever does it, stands in for that person, and the team it is with; the team that holds
        its ticket; leads, managers of all kinds and administrators, all. The tasks of a
        confidential ticket are left to those who do them and to the team that holds the ticket
        (`VIS-3`).
        """
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        found = Q(assignee=user) | taken_over(user, at or timezone.now())
        if grants.sees_all_tickets:
            found |= Q(ticket__is_confidential=False)
        if grants.is_agent:
            teams = grants.team_ids
            found |= Q(team_id__in=teams) | Q(ticket__team_id__in=teams)
            found |= Q(ticket__team__isnull=True, ticket__is_confidential=False)
        return self.filter(found)

    def to_do_by(self, user: Any, at: datetime) -> Self:
        """The tasks that `user` has, and those of the people for whom `user` stands in at `at`."""
        return self.filter(Q(assignee=user) | taken_over(user, at))

    def of(self, ticket: Any) -> Self:
        """The tasks of `ticket` in the order in which they are read."""
        return self.filter(ticket_id=ticket.pk).order_by("position", "pk")

    def for_requester(self, ticket: Any) -> Self:
        """The steps that the requester of `ticket` is shown; one that was tried again stands once.

        A cancelled one says nothing that the ticket does not say.
        """
        shown = self.of(ticket).filter(visible_to_requester=True, replaced_by__isnull=True)
        return shown.exclude(status=Status.CANCELLED)

    def live(self) -> Self:
        """Not ended yet, waiting and blocked ones included."""
        return self.exclude(phase=constant(Phase.DONE))

    def workable(self) -> Self:
        """Those somebody can do something about now: live, and waiting for no other task."""
        return self.live().exclude(status=Status.PENDING)

    def begun(self) -> Self:
        """Somebody has started to work on it, whatever came of it."""
        return self.filter(started_at__isnull=False)

    def late(self, now: datetime) -> Self:
        """Live tasks whose due time has passed at `now`."""
        return self.live().filter(due_at__lt=now)

    def late_untold(self, now: datetime) -> Self:
        """Late tasks at `now` that somebody can do something about, of whose present due time
        nobody was told that it has passed.
        """
        told = Q(late_told_for=models.F("due_at"))
        held = Q(held_since__isnull=False) | Q(is_blocked_by_hold=True)
        return self.late(now).exclude(status=Status.PENDING).exclude(held).exclude(told)

    def unsettled(self, ticket: Any) -> Self:
        """The mandatory tasks of `ticket` that keep it from being fulfilled: live or failed.

        A failed one that is tried again does not count; the new one does.
        """
        return (
            self.of(ticket)
            .filter(is_optional=False, replaced_by__isnull=True)
            .exclude(status__in=(*SETTLED, Status.CANCELLED))
        )

    def all_mandatory_done(self, ticket: Any) -> bool:
        """Every mandatory task of `ticket` is done or skipped (domain 2.2); true without any."""
        return not self.unsettled(ticket).exists()

    def failed(self, ticket: Any) -> Self:
        """The mandatory tasks of `ticket` that failed and are not tried again (`REQ-4`)."""
        return self.unsettled(ticket).filter(status=Status.FAILED)

    def ready(self) -> Self:
        """Pending tasks that wait for nothing any more."""
        unfinished = self.model._meta.get_field("waits_for").related_model.objects.filter(
            task=models.OuterRef("pk")
        )
        unfinished = unfinished.exclude(predecessor__status__in=SETTLED)
        return self.filter(status=Status.PENDING).exclude(models.Exists(unfinished))
