"""Months as people write them."""

from datetime import date

import pytest

from billing.invoices.parse import month, month_of
from itil.tickets.errors import MissingValue


def test_a_month_knows_its_days_and_neighbors():
    february = month(" 2028-02 ")
    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert (str(february.before), str(february.after)) == ("2028-01", "2028-03")
    assert month_of(date(2026, 12, 31)).after == month("2027-01")


@pytest.mark.parametrize(
    "text",
    ["2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "", "October", "1999-12", "٢٠٢٦-١٠"],
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(MissingValue, match="2026-10") as refusal:
        month(text)
    assert refusal.value.field == "month"
