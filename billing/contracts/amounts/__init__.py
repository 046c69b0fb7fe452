"""Money and prepaid hours, in decimals and whole minutes; knows no tables."""

from .money import (
    WIDE,
    currency_code,
    current_currencies,
    decimals_of,
    is_current,
    piece_price,
    price_of,
    rounded,
)

__all__ = [
    "WIDE",
    "currency_code",
    "current_currencies",
    "decimals_of",
    "is_current",
    "piece_price",
    "price_of",
    "rounded",
]
