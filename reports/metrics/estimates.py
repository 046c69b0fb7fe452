"""How near estimates came to the work (`KPI-21`). Plain values: pages use them, without pandas."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

# An estimate is good when the work took so many percent more or less.
NEAR_PERCENT = 20


@dataclass(frozen=True)
class Outcome:
    """Hours of one finished piece of work, in minutes."""

    estimated: int
    actual: int

    @property
    def percent(self) -> Fraction | None:
        """Actual of estimated hours; None for an estimate without hours."""
        return Fraction(100 * self.actual, self.estimated) if self.estimated else None

    @property
    def is_near(self) -> bool:
        """Within 20 % either way, both ends included."""
        return (
            self.estimated > 0
            and 100 * abs(self.actual - self.estimated) <= NEAR_PERCENT * self.estimated
        )


@dataclass(frozen=True)
class Accuracy:
    """Over accepted estimates of finished work; `percent` and `near_percent` None when none is."""

    count: int
    near: int
    estimated: int
    actual: int

    @property
    def percent(self) -> Fraction | None:
        return Fraction(100 * self.actual, self.estimated) if self.estimated else None

    @property
    def near_percent(self) -> Fraction | None:
        return Fraction(100 * self.near, self.count) if self.count else None


def accuracy_of(outcomes: Iterable[Outcome]) -> Accuracy:
    """Sums over `outcomes` that have hours. Superseded estimates are the caller's to leave out."""
    counted = [one for one in outcomes if one.estimated]
    return Accuracy(
        count=len(counted),
        near=sum(one.is_near for one in counted),
        estimated=sum(one.estimated for one in counted),
        actual=sum(one.actual for one in counted),
    )
