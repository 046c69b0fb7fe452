"""When a change is material (`REQ-2`)."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.requests.amounts import Line, is_material, lines, total

MONEY = st.decimals(0, 100_000, places=2)
COUNT = st.integers(1, 999)


def test_the_item_stands_first_when_it_has_a_price():
    options = [("Dock", Decimal(140))]
    assert lines("Laptop", Decimal(980), options) == [
        Line("Laptop", Decimal(980)),
        Line("Dock", Decimal(140)),
    ]
    assert lines("Laptop", Decimal(0), options) == [Line("Dock", Decimal(140))]


@given(amounts=st.lists(MONEY, max_size=6), count=COUNT)
def test_the_total_is_the_sum_of_the_lines_times_the_pieces(amounts, count):
    assert total([Line("", one) for one in amounts], count) == sum(amounts) * count


@given(price=MONEY, count=COUNT, more=st.integers(1, 9), tolerance=st.integers(0, 100))
def test_more_pieces_are_always_material_and_the_same_never(price, count, more, tolerance):
    same = {"approved_price": price, "price": price, "tolerance_percent": tolerance}
    assert is_material(**same, quantity_before=count, quantity=count + more)
    assert not is_material(**same, quantity_before=count, quantity=count)
    assert not is_material(**same, quantity_before=count + more, quantity=count)


def test_the_tolerance_itself_is_within_it():
    at = {"quantity_before": 1, "quantity": 1, "tolerance_percent": 10}
    assert not is_material(approved_price=Decimal(1000), price=Decimal("1100.00"), **at)
    assert is_material(approved_price=Decimal(1000), price=Decimal("1100.01"), **at)
    assert is_material(approved_price=Decimal(0), price=Decimal("0.01"), **at)
