"""Rates by role and activity, each from a day on (`BIL-5`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

# A role and an activity; None is whichever.
Key = tuple[int | None, int | None]


@dataclass(frozen=True)
class DatedRate:
    """A price per hour from `valid_from` on; None means from the beginning."""

    hourly_rate: Decimal
    valid_from: date | None = None


@dataclass(frozen=True)
class Found:
    """An hourly rate, where it was found (a `RateSource`) and since when it holds."""

    hourly_rate: Decimal
    source: str
    since: date | None = None


@dataclass(frozen=True)
class Rates:
    """The rates of one level: a contract, a customer, or our price list."""

    by_key: Mapping[Key, Sequence[DatedRate]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[tuple[int | None, int | None, Decimal, date | None]]) -> "Rates":
        """From rows of (role, activity, hourly rate, valid from)."""
        by_key: dict[Key, list[DatedRate]] = {}
        for role, activity, hourly_rate, since in rows:
            by_key.setdefault((role, activity), []).append(DatedRate(hourly_rate, since))
        return cls(by_key)

    def find(
        self, role: int | None, activity: int, day: date, sources: Sequence[tuple[str, str]]
    ) -> Found | None:
        """The first of `sources` that has begun by `day`.

        A source is ("role_activity", "role", "activity" or "default", its `RateSource`).
        """
        keys: dict[str, Key | None] = {
            "role_activity": (role, activity) if role else None,
            "role": (role, None) if role else None,
            "activity": (None, activity),
            "default": (None, None),
        }
        for which, source in sources:
            key = keys[which]
            rate = newest(self.by_key.get(key, ()), day) if key else None
            if rate:
                return Found(rate.hourly_rate, source, rate.valid_from)
        return None


def newest(rates: Iterable[DatedRate], day: date) -> DatedRate | None:
    """The one that began last before or on `day`."""
    begun = [rate for rate in rates if rate.valid_from is None or rate.valid_from <= day]
    return max(begun, key=lambda rate: rate.valid_from or date.min, default=None)
