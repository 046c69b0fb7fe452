"""What people, commands and banks write: months, amounts, accounts and their statements."""

from .accounts import in_fours, is_iban, remainder
from .money import MONEY_EXAMPLE, AmountError, money
from .months import Month, month, month_of
from .rates import Quote, quotes_of
from .statements import (
    DATE_ORDERS,
    BankLine,
    CsvMapping,
    Statements,
    camt_lines,
    csv_head,
    csv_lines,
    guessed_mapping,
    is_camt,
)

__all__ = [
    "DATE_ORDERS",
    "MONEY_EXAMPLE",
    "BankLine",
    "CsvMapping",
    "Month",
    "Quote",
    "Statements",
    "AmountError",
    "camt_lines",
    "csv_head",
    "csv_lines",
    "guessed_mapping",
    "in_fours",
    "is_camt",
    "is_iban",
    "money",
    "month",
    "month_of",
    "quotes_of",
    "remainder",
]
