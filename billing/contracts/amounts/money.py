"""Currencies, and rounding to the smallest coin, exactly (`BIL-18`, `BIL-19`)."""

from decimal import Context, Decimal
from fractions import Fraction
from functools import cache

from babel.core import get_global
from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# ISO 4217 gives these no minor unit. Babel follows what shops do, which differs for a dozen others.
WITHOUT_MINOR_UNIT = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG")
    + ("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF")
)

# Decimals that a price may have.
FINEST_PRICE = Decimal("0.0001")

# Wide enough for every sum of amounts: what would be lost in it is an error, not a cent.
WIDE = Context(prec=200)


def decimals_of(currency: str) -> int:
    """Decimal places of the currency's minor unit, two at most (yen: none)."""
    return 0 if currency in WITHOUT_MINOR_UNIT else 2


def rounded(amount: Decimal | Fraction, currency: str) -> Decimal:
    """`amount` to the minor unit of `currency`, halves away from zero; never a negative zero."""
    places = decimals_of(currency)
    exact = Fraction(amount) * 10**places
    units, rest = divmod(abs(exact.numerator), exact.denominator)
    if 2 * rest >= exact.denominator:
        units += 1
    return of_units(-units if exact < 0 else units, places)


def of_units(units: int, places: int) -> Decimal:
    """123 of 2 places is 1.23, however many digits there are."""
    return Decimal(units).scaleb(-places, WIDE)


@cache
def current_currencies() -> frozenset[str]:
    """Codes of ISO 4217 that are legal tender somewhere."""
    return frozenset(
        code
        for rows in get_global("territory_currencies").values()
        for code, _since, until, is_tender in rows
        if is_tender and until is None
    )


def is_current(currency: str) -> bool:
    """False for what is no currency, and for those that went, such as DEM."""
    return currency in current_currencies()


def currency_code(code: str) -> None:
    """A validator: `code` is a currency of ISO 4217, of today or of the past."""
    if code not in list_currencies():
        raise ValidationError(_("Enter the three letters of a currency, such as EUR."))


def price_of(minutes: int, hourly_rate: Decimal, currency: str) -> Decimal:
    """What `minutes` cost, from minutes and rate, never from hours already rounded."""
    return rounded(Fraction(minutes) * Fraction(hourly_rate) / 60, currency)


def piece_price(amount: Decimal, pieces: int) -> Decimal | None:
    """The price of one of `pieces` that cost `amount` together; None when no price of 4 decimals
    comes to exactly that, so that no cent is lost (`BIL-18`).
    """
    price = amount / pieces
    finest = price.quantize(FINEST_PRICE)
    return finest if finest * pieces == amount else None
