"""Before and after, counted. Plain values: pages show them and import no NumPy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """How many clocks have which outcome; pending and excluded ones stand beside (`SLA-27`)."""

    met: int
    breached: int
    pending: int
    excluded: int

    @property
    def decided(self) -> int:
        return self.met + self.breached


@dataclass(frozen=True)
class Comparison:
    """The clocks of a group; `worse` ones are missed after and not before, `better` ones the other
    way round."""

    before: Tally
    after: Tally
    worse: int
    better: int


@dataclass(frozen=True)
class Usual:
    """The target of most clocks of a group in seconds, and whether all of them have it."""

    seconds: int
    is_only: bool
