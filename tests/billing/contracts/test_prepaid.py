"""Hours and money paid in advance (`BIL-7`)."""

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.contracts.amounts import price_of
from billing.contracts.amounts.prepaid import Block, Drawn, Hours, Rest, reached, settle

AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
JAN, FEB, MAR = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def month(pk, last, rolls_to=None, cap=None, minutes=600):
    return Block(pk, "hours", Decimal(minutes), last.replace(day=1), last, rolls_to, cap)


def hours(entry, day, minutes, price="100", at=AT):
    return Hours(entry, 1, day, at, minutes, Decimal(price))


def told(settled):
    return [(use.block, use.entry, use.minutes) for use in settled.uses]


def test_b9_a_retainer_rolls_over_for_one_period_with_a_cap():
    cap = Decimal(5 * 60)
    blocks = [
        month(1, JAN, FEB, cap),
        month(2, FEB, MAR, cap),
        month(3, MAR, date(2026, 4, 30), cap),
    ]
    works = [hours(1, JAN, 7 * 60), hours(2, FEB, 750), hours(3, MAR, 690)]
    settled = settle(blocks, works, "EUR")
    assert told(settled) == [
        (1, 1, 420),
        (1, 2, 180),
        (2, 2, 570),
        (2, 3, 30),
        (3, 3, 600),
    ]
    assert settled.rests == [Rest(3, 1, 60, is_overage=True)]
    assert price_of(60, Decimal(110), "EUR") == Decimal("110.00")


def test_month_by_month_comes_to_the_same_as_all_at_once():
    blocks = [month(1, JAN, FEB, Decimal(300)), month(2, FEB, MAR, Decimal(300))]
    works = [hours(1, JAN, 420), hours(2, FEB, 750)]
    first = settle(blocks, works[:1], "EUR")
    second = settle(blocks, works[1:], "EUR", first.drawn)
    both = settle(blocks, works, "EUR")
    assert told(first) + told(second) == told(both)
    assert second.drawn == both.drawn


def test_the_cap_limits_what_is_carried_over():
    settled = settle([month(1, JAN, FEB, Decimal(300))], [hours(1, FEB, 400)], "EUR")
    assert told(settled) == [(1, 1, 300)]
    assert settled.rests == [Rest(1, 1, 100, is_overage=True)]


def test_without_roll_over_the_rest_lapses():
    settled = settle([month(1, JAN)], [hours(1, FEB, 60)], "EUR")
    assert settled.uses == []
    assert settled.rests == [Rest(1, 1, 60, is_overage=False)]


def test_the_block_that_expires_first_is_drawn_from_first():
    later = Block(1, "hours", Decimal(60), JAN, MAR)
    sooner = Block(2, "hours", Decimal(60), JAN, FEB)
    settled = settle([later, sooner], [hours(1, FEB, 90)], "EUR")
    assert told(settled) == [(2, 1, 60), (1, 1, 30)]


def test_work_is_drawn_in_the_order_of_work_date_then_approval():
    block = [month(1, MAR, minutes=60)]
    early, late = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
    works = [hours(1, MAR, 60, at=late), hours(2, MAR, 40, at=early), hours(3, FEB, 10)]
    settled = settle(block, works, "EUR")
    assert told(settled) == [(1, 2, 40), (1, 1, 20)]


def test_money_bears_whole_minutes_and_never_more_than_there_is():
    block = Block(1, "money", Decimal("100.00"), JAN, MAR)
    settled = settle([block], [hours(1, FEB, 90, "95")], "EUR")
    [use] = settled.uses
    assert (use.minutes, use.amount) == (63, Decimal("99.75"))
    assert settled.rests == [Rest(1, 1, 27, is_overage=True)]


def test_yen_have_no_cents():
    block = Block(1, "money", Decimal(10000), JAN, MAR)
    [use] = settle([block], [hours(1, FEB, 50, "9000")], "JPY").uses
    assert use.amount == Decimal(7500)


def test_warnings_are_due_at_exactly_eighty_and_a_hundred_percent():
    block = month(1, JAN, minutes=600)
    shares = {479: [], 480: [80], 599: [80], 600: [80, 100]}
    for minutes, percents in shares.items():
        assert reached(block, Drawn(Decimal(minutes)), (80, 100)) == percents


blocks_strategy = st.lists(
    st.tuples(
        st.sampled_from(["hours", "money"]),
        st.integers(1, 2000),
        st.sampled_from([JAN, FEB, MAR]),
        st.integers(0, 60),
        st.one_of(st.none(), st.integers(0, 400)),
    ),
    max_size=4,
)
hours_strategy = st.lists(
    st.tuples(
        st.sampled_from([JAN, FEB, MAR]),
        st.integers(1, 900),
        st.decimals("0.01", "999.9999", places=4),
    ),
    max_size=8,
)


@given(blocks_strategy, hours_strategy, st.sampled_from(["EUR", "JPY"]))
def test_no_minute_is_lost_and_no_block_is_overdrawn(rows, works, currency):
    blocks = [
        Block(
            pk,
            unit,
            Decimal(granted),
            last.replace(day=1),
            last,
            date.fromordinal(last.toordinal() + keeps) if keeps else None,
            None if cap is None else Decimal(cap),
        )
        for pk, (unit, granted, last, keeps, cap) in enumerate(rows, start=1)
    ]
    given_hours = [
        Hours(entry, 1, day, AT, minutes, price)
        for entry, (day, minutes, price) in enumerate(works, start=1)
    ]
    settled = settle(blocks, given_hours, currency)
    for work in given_hours:
        uses = [use for use in settled.uses if use.entry == work.entry]
        left = sum(rest.minutes for rest in settled.rests if rest.entry == work.entry)
        assert sum(use.minutes for use in uses) + left == work.minutes
        if not left:
            whole = price_of(work.minutes, work.unit_price, currency)
            assert sum(use.amount for use in uses) == whole
    for block in blocks:
        drawn = settled.drawn.get(block.pk, Drawn())
        assert 0 <= drawn.total <= block.granted
        assert block.cap is None or drawn.carried <= block.cap
        mine = [use for use in settled.uses if use.block == block.pk]
        counted = [use.minutes if block.unit == "hours" else use.amount for use in mine]
        assert sum(counted) == drawn.total
