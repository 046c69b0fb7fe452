"""The frame of what the desk costs: the hours that people are there, at what an hour of them costs
(`KPI-13`). Amounts are hundredths."""

from collections.abc import Iterator
from decimal import Decimal

from billing.contracts.matching import terms_in_force
from billing.margins.matching import costs_in_force
from reports.frames.columns import CHOICE, COUNT, DAY, FLAG
from reports.frames.selection import Selection
from reports.frames.tables import Column, apart, register
from reports.frames.tables.of_people import working_days

HUNDREDTHS_A_MINUTE = Decimal(100) / 60


def _rows(selection: Selection) -> Iterator[tuple[object, ...]]:
    """One row for each person, team and day."""
    costs, terms = costs_in_force(), terms_in_force()
    for one in working_days(*selection.span):
        cost = costs.of(one.agent, terms.role_of(one.agent, one.day), one.day)
        if cost is None:
            # A day off costs nothing, whatever an hour would.
            if one.minutes:
                yield one.day, 0, "", False
        else:
            amount = one.minutes * cost.hourly * HUNDREDTHS_A_MINUTE
            yield one.day, int(amount.to_integral_value()), cost.currency, True


register(
    apart(
        name="desk_costs",
        made=_rows,
        columns={
            "day": Column(DAY),
            "amount": Column(COUNT),
            "currency": Column(CHOICE),
            # Somebody has said what an hour of this person costs that day.
            "is_known": Column(FLAG),
        },
    )
)
