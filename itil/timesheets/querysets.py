"""Named reads of recorded work, and the guard that keeps writes off what was invoiced."""

from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from portal.people.models import Membership, Role

from .errors import FrozenEntry
from .lifecycle import EntryState


def refuse_frozen() -> FrozenEntry:
    return FrozenEntry(
        _("This time stands on an issued invoice and can no longer be changed. Credit it first.")
    )


class TimeEntryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Own entries and those on tickets of one's teams. Leads also see those of their people,
        managers, clerks and administrators all, as far as the ticket is not confidential.
        """
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        # Colleagues on a ticket see what was done on it.
        seen = Q(agent=user) | Q(ticket__team_id__in=grants.team_ids)
        if grants.is_manager or grants.is_billing_clerk or grants.is_administrator:
            seen |= Q(ticket__is_confidential=False)
        elif grants.is_lead:
            seen |= _of_teams(grants.led_team_ids)
        return self.filter(seen)

    def decided_by(self, user: Any) -> Self:
        """Those that this person may approve or reject: on tickets of the teams led and by their
        people, never one's own (`VIS-7`).

        What no lead but who worked could decide falls to the managers, and where there is no
        manager either to the leads of other teams.
        """
        grants = user.grants
        found = _of_teams(grants.led_team_ids)
        if grants.is_manager:
            found |= _no_other_lead()
        elif grants.is_lead:
            found |= _no_other_lead() & ~Exists(_others(Q(role=Role.MANAGER)))
        return self.filter(found).exclude(agent=user)

    def of_teams(self, user: Any) -> Self:
        """Those on tickets of the teams that this person leads, and by their people."""
        return self.filter(_of_teams(user.grants.led_team_ids))

    def billable(self) -> Self:
        return self.filter(billing_kind="billable")

    def approved(self) -> Self:
        return self.filter(state=EntryState.APPROVED)

    def submitted(self) -> Self:
        return self.filter(state=EntryState.SUBMITTED)

    def invoiced(self) -> Self:
        return self.filter(state=EntryState.INVOICED)

    def worked_between(self, first: date, last: date) -> Self:
        """Entries with a work date from `first` to `last`, both included."""
        return self.filter(work_date__range=(first, last))

    def during(self, begin: datetime, end: datetime) -> Self:
        """Those of which it is known that they lie at least partly in [begin, end)."""
        return self.filter(started_at__lt=end, ended_at__gt=begin)

    def update(self, **values: Any) -> int:
        """Refuse to touch invoiced entries, the state included. One query more."""
        if self.invoiced().exists():
            raise refuse_frozen()
        return super().update(**values)

    def release(self) -> int:
        """Invoiced entries become approved again; the only way out (`itil.timesheets.actions`)."""
        return super(TimeEntryQuerySet, self.invoiced()).update(state=EntryState.APPROVED)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.invoiced().exists():
            raise refuse_frozen()
        return super().delete()

    # Django sets this on its own delete; without it templates could call the method.
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class TimerQuerySet(models.QuerySet[Any]):
    def running(self) -> Self:
        return self.filter(running_since__isnull=False)

    def of(self, agent: Any) -> Self:
        """The timers of a person, the running one first, with what a page shows of them."""
        return (
            self.filter(agent=agent)
            .select_related("ticket", "activity")
            .prefetch_related("stretches")
            .order_by(models.F("running_since").asc(nulls_last=True), "pk")
        )


def _of_teams(led: Any) -> Q:
    """On tickets of these teams and by their people, who alone open nothing confidential."""
    by_people = Q(agent__in=_people_of(led), ticket__is_confidential=False)
    return Q(ticket__team_id__in=led) | by_people


def _others(which: Q) -> models.QuerySet[Any, Any]:
    """Memberships of active people other than who worked."""
    found = Membership.objects.filter(which, user__is_active=True)
    return found.exclude(user=OuterRef("agent"))


def _no_other_lead() -> Q:
    """No lead but perhaps who worked decides about it."""
    of_ticket = Q(role=Role.LEAD, team=OuterRef("ticket__team"))
    of_person = Q(role=Role.LEAD, team__memberships__user=OuterRef("agent"))
    without = ~Exists(_others(of_ticket))
    return Q(without) & (Q(ticket__is_confidential=True) | ~Exists(_others(of_person)))


def _people_of(team_ids: Any) -> models.QuerySet[Any, Any]:
    return Membership.objects.filter(team_id__in=team_ids).values("user")


class WorkingHoursQuerySet(models.QuerySet[Any]):
    def until(self, day: date) -> Self:
        """Those that began by `day`, by person, the oldest first, with their calendars."""
        found = self.filter(since__lte=day).order_by("person_id", "since")
        return found.select_related("calendar")
