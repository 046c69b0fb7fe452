"""What the places of the page of flow are called, and where the lists behind them are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.requests.models import ServiceRequest
from itil.incidents.models import Incident
from reports.metrics.parts import Part, What

from . import words

TYPES = (Incident, ServiceRequest)
SPLIT = "/"


@dataclass(frozen=True)
class Lists:
    """Addresses of the tickets behind parts of the page, under the filters `query`."""

    query: Mapping[str, str]

    def url(self, what: What, place: str | int = "", to: str | int = "") -> str:
        asked = {"what": str(what), "place": place, "then": to}
        kept = {name: value for name, value in asked.items() if value != ""}
        return f"{reverse('reports:flow-tickets')}?{urlencode({**self.query, **kept})}"


@dataclass(frozen=True)
class Naming:
    """What places are called; `team_name` tells the name of a team by its key."""

    team_name: Callable[[int], str]

    def state(self, place: str) -> str:
        """`On hold: waiting for a supplier`; what nobody knows any more stays as it is."""
        status, _split, reason = place.partition(SPLIT)
        labels = (model.status_label_of(status) for model in TYPES)
        label = next((one for one in labels if one != status), status)
        if not reason:
            return label
        return _("%(state)s: %(reason)s") % {"state": label, "reason": self.reason(reason)}

    def short(self, place: str) -> str:
        """As `state`; what is on hold is called by what it waits for."""
        reason = place.partition(SPLIT)[2]
        return self.reason(reason) if reason else self.state(place)

    def reason(self, reason: str) -> str:
        for model in TYPES:
            for key, label in model.hold_reasons():
                if key == reason:
                    return str(label)
        return reason

    def team(self, key: int | str) -> str:
        return (str(key).isdigit() and self.team_name(int(key))) or _("No team")


def part_name(part: Part, names: Naming) -> str:
    """The heading of a list of tickets."""
    name = names.team if part.what == What.TEAMS else names.state
    if part.what in (What.STATES, What.TEAMS):
        if not part.to:
            return name(part.place)
        return _("%(source)s → %(target)s") % {"source": name(part.place), "target": name(part.to)}
    if part.what == What.PAIRS and part.place:
        teams = {"one": names.team(part.place), "other": names.team(part.to)}
        return _("To and fro: %(one)s and %(other)s") % teams
    if part.what == What.PAIRS:
        return _("Tickets that went back to the team before")
    if part.what == What.WAITS and part.place:
        return _("Waiting: %(state)s, %(team)s") % {
            "state": names.state(part.place), "team": names.team(part.to),
        }  # fmt: skip
    if part.what == What.WAITS:
        return _("Tickets that waited")
    if part.what == What.HALF:
        day = {"day": words.day(date.fromisoformat(part.place))}
        return _("Resolved before %(day)s") % day if part.to == "before" else (
            _("Resolved from %(day)s on") % day
        )  # fmt: skip
    return _("Tickets resolved")
