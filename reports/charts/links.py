"""Addresses of the ticket lists behind the figures (`KPI-26`); the names are those of
`itil.desk.filters`."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Lists:
    """Makes addresses for one overview; `team` and `organization` narrow all of them.

    What was resolved or promised belongs to the team that resolved it, all else to the one that
    holds the ticket now.
    """

    team: int | None = None
    organization: int | None = None

    def url(self, **parameters: Any) -> str:
        """The list with these filters; confidential tickets are in no figure and in no list."""
        query = (
            {"view": "all"}
            | parameters
            | {
                "confidential": "no",
                "team": self.team,
                "organization": self.organization,
            }
        )
        kept = {name: value for name, value in query.items() if value not in (None, "")}
        return f"{reverse('desk:queue')}?{urlencode(kept, doseq=True)}"

    def _solved(self, **parameters: Any) -> str:
        return Lists(None, self.organization).url(resolved_team=self.team, **parameters)

    def hours(self, indicator: str, first: str, last: str, organization: int | None = None) -> str:
        """The recorded time behind an amount of hours; `organization` is one of those told."""
        query = {
            "indicator": indicator,
            "from": first,
            "to": last,
            "team": self.team,
            "organization": self.organization,
            "at_organization": organization,
        }
        kept = {name: value for name, value in query.items() if value is not None}
        return f"{reverse('reports:list')}?{urlencode(kept)}"

    def received(self, first: str, last: str, **more: Any) -> str:
        return self.url(received_from=first, received_to=last, **more)

    def resolved(self, first: str, last: str, **more: Any) -> str:
        return self._solved(resolved_from=first, resolved_to=last, **more)

    def closed(self, first: str, last: str) -> str:
        return self.url(closed_from=first, closed_to=last)

    def open_at(self, day: str, **more: Any) -> str:
        return self.url(open_at=day, **more)

    def outcome(self, metric: str, outcome: str, first: str, last: str, **more: Any) -> str:
        """Clocks decided in the days; those still pending have no day."""
        days = {} if outcome == "pending" else {"outcome_from": first, "outcome_to": last}
        return self._solved(metric=metric, outcome=outcome, **days, **more)
