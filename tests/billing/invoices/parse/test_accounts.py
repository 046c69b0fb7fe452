"""Account numbers."""

import pytest

from billing.invoices.parse import in_fours, is_iban


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("nl91abna0417164300", True),
        ("DE88 3704 0044 0532 0130 00", False),
        ("DE89", False),
        ("", False),
    ],
)
def test_account_numbers_are_checked(text, valid):
    assert is_iban(text) == valid


def test_long_numbers_are_written_in_fours():
    assert in_fours("RF462026000123") == "RF46 2026 0001 23"
