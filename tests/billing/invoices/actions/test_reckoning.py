"""Lines from hours and charges: rounded once, then priced (`BIL-3`, `BIL-4`)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.contracts.amounts.prepaid import Block
from billing.contracts.matching import ContractTerms
from billing.contracts.matching.ledger import Ledger
from billing.invoices.actions.collecting import Bundle, Hours, Item
from billing.invoices.actions.reckoning import reckon
from reports.metrics.billable import Rounding

DAY = date(2026, 3, 5)
TERMS = ContractTerms(
    pk=1,
    organization=1,
    currency="EUR",
    valid_from=date(2020, 1, 1),
    valid_to=None,
    rounding=Rounding(),
    vat_rate=Decimal(19),
)


def hours(minutes, *, entry=1, segment=1, rate="100", multiplier="1", activity="Analysis"):
    return Hours(
        entry,
        segment,
        1,
        "INC-000001",
        len(activity),
        activity,
        DAY,
        datetime(2026, 3, 5, 20, 0, tzinfo=UTC),
        minutes,
        TERMS,
        Decimal(rate),
        Decimal(multiplier),
        "normal" if multiplier == "1" else "out_of_hours",
    )


def lines(*found):
    return [(line.minutes, line.net) for line in reckon(Bundle(list(found)), "EUR", {}, {}).lines]


def test_b5_the_supplement_goes_to_the_longest_segment():
    assert lines(hours(25), hours(72, segment=2, multiplier="1.5")) == [
        (25, Decimal("41.67")),
        (80, Decimal("200.00")),
    ]


def test_prepaid_hours_bear_what_they_can_and_the_rest_is_overage():
    block = Block(5, "hours", Decimal(45), date(2026, 3, 1), date(2026, 3, 31))
    bundle = Bundle([replace(hours(60), terms=replace(TERMS, overage_rate=Decimal(110)))])
    found = reckon(bundle, "EUR", {1: Ledger([block])}, {})
    assert [(line.minutes, line.net, line.is_overage) for line in found.lines] == [
        (15, Decimal("27.50"), True),
        (45, Decimal("0.00"), False),
    ]
    assert [(use.block, use.minutes) for use in found.uses] == [(5, 45)]
    parts = [part for line in found.lines for part in line.parts]
    assert sum(part.raw for part in parts) == 60
    assert len({part.segment for part in parts}) == 2


def test_hours_of_one_activity_at_one_price_are_one_line():
    assert lines(hours(60), hours(60, entry=2), hours(60, entry=3, rate="120")) == [
        (120, Decimal("200.00")),
        (60, Decimal("120.00")),
    ]
    assert len(lines(hours(60), hours(60, entry=2, activity="Travel"))) == 2


def test_a_charge_is_a_line_with_its_own_vat():
    item = Item(
        7, "item", "Book", Decimal(2), "C62", Decimal("18.95"), DAY, "", TERMS, "S", Decimal(7), ""
    )
    [line] = reckon(Bundle([], [item]), "EUR", {}, {}).lines
    assert (line.net, line.vat, line.minutes) == (Decimal("37.90"), ("S", Decimal(7), ""), 0)


@given(st.lists(st.tuples(st.integers(1, 600), st.sampled_from(["1", "1.5", "2"])), min_size=1))
def test_no_minute_is_lost_between_entries_and_lines(entries):
    found = [
        hours(minutes, entry=number, multiplier=factor)
        for number, (minutes, factor) in enumerate(entries)
    ]
    reckoned = reckon(Bundle(found), "JPY", {}, {})
    parts = [part for line in reckoned.lines for part in line.parts]
    assert sum(part.raw for part in parts) == sum(minutes for minutes, _factor in entries)
    assert reckoned.minutes == sum(-(-minutes // 15) * 15 for minutes, _factor in entries)
    assert reckoned.net == reckoned.net.to_integral_value()
