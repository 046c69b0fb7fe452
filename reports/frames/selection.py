"""Which records the frames of one reading are about."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Q, QuerySet

from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket
from itil.tickets.querysets import TicketQuerySet, constant

from .columns import DAY
from .near import Range, Single

A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Selection:
    """Tickets that people asked for; empty conditions let all of them pass.

    `before`: received before this instant, `received_from`: at or after this one. `since`: not over
    by this instant, that is changed at or after it, or not done yet; what happened in a period that
    begins there, happened to these. `teams`: those a ticket is held
    by now or was resolved by; each figure then asks for the one or the other. `organizations` means
    these, without the ones below them. Confidential tickets are in no selection, so that figures
    are the same for everyone who may see reports (`KPI-1`).

    `falls_from` and `falls_before` bound records that have an instant or a day of their own.
    `among`: of these tickets only, where the database is asked. `now` is the instant that the
    frames tell of, which say it themselves: up to it goes what has no other end. `near`: what
    belongs to tickets is asked for by these keys, and whoever asks leaves out those that the
    selection does not hold.
    """

    before: datetime | None = None
    received_from: datetime | None = None
    since: datetime | None = None
    organizations: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()
    services: tuple[int, ...] = ()
    priorities: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    falls_from: datetime | None = None
    falls_before: datetime | None = None
    among: frozenset[int] | None = None
    now: datetime | None = None
    near: Single | Range | None = field(default=None, compare=False)

    def narrow(self, rows: QuerySet[Any], **paths: str) -> Any:
        """The rows that meet the named conditions, each at its path: `organizations="user__…_id"`.
        An empty condition lets all of them pass.
        """
        given = {f"{path}__in": getattr(self, name) for name, path in paths.items()}
        return rows.filter(**{path: values for path, values in given.items() if values})

    @property
    def is_of_some_time(self) -> bool:
        """It leaves out most tickets of a desk that has worked for years."""
        return self.among is not None or bool(self.since or self.received_from)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The time in which what is asked may lie; a year until now where there are no bounds.

        Raises ValueError without an end, as of a selection that no frames are read for.
        """
        end = self.before or self.now
        if end is None:
            raise ValueError("What nobody has said the time of has no span.")
        return self.since or self.received_from or end - A_YEAR, end

    def of_any_time(self) -> "Selection":
        """Without the bounds in time: for what has an instant of its own."""
        return replace(
            self, before=None, received_from=None, since=None, falls_from=None, falls_before=None
        )

    def tickets(self) -> TicketQuerySet:
        found: TicketQuerySet = Ticket.objects.filter(self.condition())
        return found

    def condition(self, path: str = "") -> Q:
        """On the tickets at `path` (`ticket__`)."""
        lists = {
            "organization_id": self.organizations,
            "service_id": self.services,
            "priority": self.priorities,
            "kind": self.kinds,
        }
        given: dict[str, Any] = {f"{name}__in": values for name, values in lists.items() if values}
        if self.among is not None:
            given["pk__in"] = self.among
        if self.before:
            given["received_at__lt"] = self.before
        if self.received_from:
            given["received_at__gte"] = self.received_from
        # As `asked_for` of tickets, which are not what is asked here.
        found = ~Q(**{f"{path}kind__in": Ticket.internal_kinds()})
        found &= Q(**{f"{path}is_confidential": False})
        found &= Q(**{f"{path}{name}": value for name, value in given.items()})
        if self.since:
            # Of a few tickets each is asked; the other ones are looked for.
            is_open = ~Q(**{f"{path}phase": constant(Phase.DONE)})
            changed = Q(**{f"{path}updated_at__gte": self.since})
            few = path or self.among is not None
            found &= is_open | changed if few else _not_over_by(is_open, changed)
        if self.teams:
            resolved = {f"{path}resolved_at__isnull": False}
            resolved[f"{path}resolved_team_id__in"] = self.teams
            found &= Q(**{f"{path}team_id__in": self.teams}) | Q(**resolved)
        return found

    def of_tickets(self) -> "Selection":
        """Without the bounds of what has an instant of its own."""
        return replace(self, falls_from=None, falls_before=None)

    def falls_within(self, kind: str) -> tuple[date | None, date | None]:
        """The bounds, from the first up to the second, of a column of instants or of days; a day
        counts that touches them in UTC, which the local days of a period do in every zone."""
        first, last = self.falls_from, self.falls_before
        if kind != DAY:
            return first, last
        return first and first.date(), last and last.date() + timedelta(days=1)

    def falls(self, at: pd.Series, kind: str) -> npt.NDArray[np.bool_]:
        """Which instants, or days, lie within the bounds of what has a time of its own."""
        low, high = self.falls_within(kind)
        found = np.ones(len(at), bool)
        if low is not None:
            found &= (at >= pd.Timestamp(low)).to_numpy()
        if high is not None:
            found &= (at < pd.Timestamp(high)).to_numpy()
        return found

    @property
    def columns(self) -> list[str]:
        """What `holds` looks at."""
        asked = {
            "received_at": self.before or self.received_from,
            "organization": self.organizations,
            "service": self.services,
            "priority": self.priorities,
            "kind": self.kinds,
        }
        found = [column for column, condition in asked.items() if condition]
        if self.teams:
            found += ["team", "solver"]
        if self.since:
            found += ["phase", "updated_at"]
        return list(dict.fromkeys(found))

    def holds(self, tickets: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Which rows of a frame of tickets, with `columns`, belong to it: as `tickets` asks the
        database."""
        found = np.ones(len(tickets), bool)
        for column, values in (
            ("organization", self.organizations),
            ("service", self.services),
            ("priority", self.priorities),
            ("kind", self.kinds),
        ):
            if values:
                found &= tickets[column].isin(values).to_numpy(bool)
        if self.before:
            found &= (tickets["received_at"] < self.before).to_numpy()
        if self.received_from:
            found &= (tickets["received_at"] >= self.received_from).to_numpy()
        if self.since:
            found &= (tickets["phase"] != Phase.DONE.value).to_numpy(bool) | (
                tickets["updated_at"] >= self.since
            ).to_numpy()
        if self.teams:
            held = tickets["team"].isin(self.teams) | tickets["solver"].isin(self.teams)
            found &= held.to_numpy(bool)
        return found


def _not_over_by(is_open: Q, changed: Q) -> Q:
    """Tickets that meet the one or the other condition."""
    if connections[DEFAULT_DB_ALIAS].vendor != "sqlite":
        return is_open | changed
    # SQLite would look through all tickets: it finds open ones by an index, but not those of an OR.
    tickets = Ticket.objects.order_by().values("pk")
    return Q(pk__in=tickets.filter(is_open).union(tickets.filter(changed)))
