"""What an indicator is: rows, one per record counted, and the statistic that makes them a figure.

Every chart, table, export and list of a figure is made of the same rows, so that the list behind
a point has as many records as the point says (`KPI-26`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from .period import Period

if TYPE_CHECKING:
    # Pages speak of indicators, and have no use for pandas.
    import pandas as pd


class Frames(Protocol):
    """The frames that indicators read, of one reading of the desk."""

    def read(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The frame of this name; of `columns` only, when they are given."""
        ...

    def expect(self, functions: Mapping[Any, Callable[[Frames], pd.DataFrame]]) -> None:
        """Say which functions, by a name for each, are asked for their rows next."""
        ...

    def spread(self, function: Callable[[Frames], pd.DataFrame]) -> pd.DataFrame:
        """The rows that `function` makes of these frames, on as many machines as there are."""
        ...


class Step(StrEnum):
    """How a period is cut; weeks are ISO weeks (`KPI-24`)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Statistic(StrEnum):
    """How rows become one figure. `n` is the number of rows it was made of.

    COUNT: rows. SUM, MEAN, MEDIAN, P90, P95: of the column `value`. SHARE: rows of which `yes` is
    true / rows. RATIO: sum of `part` / sum of `whole`. DISTINCT: number of different `part` /
    number of different `whole`, each of which is counted once in a period as in a step. BALANCE:
    100 x (share of `yes` − share of `no`), the form of NPS. TREND: seconds until the linear trend
    of the weekly `part` / `whole`, by the column `week`, comes to 1 (`KPI-20`).

    What a ratio is made of need not be a record, such as hours that were agreed: such rows have no
    `record`, and are in no list nor in `n`. Rows of which something needed is not known name it in
    `missing` (a word of `Missing`): where there is one of them nothing is told, rather than less.
    """

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    P90 = "p90"
    P95 = "p95"
    SHARE = "share"
    RATIO = "ratio"
    DISTINCT = "distinct"
    BALANCE = "balance"
    TREND = "trend"


class Unit(StrEnum):
    """What a value is: durations are seconds, shares lie between 0 and 1, HOURS are hours.

    MONEY: rows hold whole hundredths in `value` or `part`, so that sums are exact, and the
    `currency`; figures are in units of it. Amounts of several currencies are never added.
    """

    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    HOURS = "hours"
    NUMBER = "number"
    MONEY = "money"


class Missing(StrEnum):
    """Why a figure is not told although there are cases."""

    CURRENCIES = "currencies"
    HOURS = "hours"
    RECORDED = "recorded"
    SOLVED = "solved"
    COST = "cost"
    AGREEMENT = "agreement"
    TREND = "trend"
    QUESTION = "question"


class Record(StrEnum):
    """What a row stands for; `record` is its primary key. NONE: rows lead to no list."""

    TICKET = "ticket"
    CLOCK = "clock"
    RATING = "rating"
    ENTRY = "entry"
    CONSULTATION = "consultation"
    INVOICE = "invoice"
    PAYMENT = "payment"
    ESTIMATE = "estimate"
    NONE = "none"


# Columns that say where a ticket belongs. A team, service, organization or person is its primary
# key, with the name in a column of its own (`team_name`); the others are codes.
NAMED = (
    "team",
    "service",
    "organization",
    "agent",
    "agreement",
    "category",
    "supplier",
    "activity",
)
CODED = (
    "kind",
    "priority",
    "channel",
    "metric",
    "bucket",
    "score",
    "reason",
    "outcome",
    "type",
    "billing_kind",
    "currency",
)
TICKET_DIMENSIONS = (
    "team", "service", "organization", "category", "kind", "priority", "channel",
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """The period that is asked about, cut into steps, as of `now`."""

    period: Period
    now: datetime
    step: Step = Step.MONTH

    @property
    def start(self) -> datetime:
        return self.period.start

    @property
    def end(self) -> datetime:
        return self.period.end


@dataclass(frozen=True)
class Indicator:
    """A key figure. `rows` gives one row per record: the column `record`, the instant `at` by which
    it falls into a step (or the label `step` itself, where a record counts in several), the columns
    of its `dimensions`, and those its statistic needs. The docstring of `rows` is the definition
    that pages show.

    Rows that may still turn out otherwise say so in `is_provisional`; points tell how many.

    `more_is` says what is good: +1 more, -1 less, 0 neither. `fewest`: with fewer rows there is no
    value. `is_level`: a state at the end of each step, so that steps do not add up and the total is
    the last one. `is_personal`: only the person and the lead see it by person (`KPI-25`).
    `has_interval`: beside a share stands the interval that holds the true one with 95 % certainty.
    `is_cost`: what the desk costs, which is for managers (domain section 8).
    """

    key: str
    reference: str
    rows: Callable[[Frames, Window], pd.DataFrame]
    statistic: Statistic
    unit: Unit
    dimensions: tuple[str, ...] = TICKET_DIMENSIONS
    record: Record = Record.TICKET
    more_is: int = 0
    fewest: int = 1
    is_level: bool = False
    is_personal: bool = False
    has_interval: bool = False
    is_cost: bool = False

    @property
    def how(self) -> str:
        """Formula, population, basis and edge cases, for readers."""
        return inspect.getdoc(self.rows) or ""
