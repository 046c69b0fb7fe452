"""What late payment costs (`BIL-17`)."""

from decimal import Decimal
from fractions import Fraction

from billing.contracts.amounts import rounded

DAYS_OF_A_YEAR = 365


def interest_of(amount: Decimal, days: int, rate: Decimal, currency: str) -> Decimal:
    """Simple interest on `amount` for whole days at `rate` percent a year, rounded once."""
    return rounded(Fraction(amount) * Fraction(rate) * days / (100 * DAYS_OF_A_YEAR), currency)
