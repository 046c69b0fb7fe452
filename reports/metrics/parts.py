"""The parts of the page of flow that a list of tickets can be about. Plain, for pages as well."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """All tickets; those of a state or a team, or of a move from there; those that waited; those
    that came back to a team; those of a half."""

    ALL = "all"
    STATES = "states"
    TEAMS = "teams"
    WAITS = "waits"
    PAIRS = "pairs"
    HALF = "half"


@dataclass(frozen=True)
class Part:
    """What a list is about. `place` and `to`: a place and where tickets went from there, a state
    and the team that it waited in, a pair of teams, or the day that parts the halves and which one
    (`before`, `after`)."""

    what: What
    place: str = ""
    to: str = ""

    def as_filters(self) -> dict[str, str]:
        return {"what": str(self.what), "place": self.place, "then": self.to}
