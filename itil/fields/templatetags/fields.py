"""Prices and rules of a form on a page. None of these tags makes a query."""

from decimal import Decimal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.numbers import format_currency
from django import template
from django.utils.translation import get_language

register = template.Library()


def _locale() -> Locale:
    try:
        return Locale.parse(get_language() or "en-gb", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


@register.simple_tag
def price(amount: Decimal, currency: str) -> str:
    """An amount with its currency: €980 for a whole one, €980.50 otherwise."""
    if amount != amount.to_integral_value():
        return total(amount, currency)
    pattern = _locale().currency_formats["standard"].pattern
    whole = ";".join(part.partition(".")[0] + _after_digits(part) for part in pattern.split(";"))
    return format_currency(amount, currency, format=whole, locale=_locale(), currency_digits=False)


def _after_digits(pattern: str) -> str:
    """What follows the digits of a pattern such as `#,##0.00 ¤`."""
    return pattern[pattern.rindex("0") + 1 :] if "." in pattern else ""


@register.simple_tag
def total(amount: Decimal, currency: str) -> str:
    """An amount with its currency and all decimals."""
    return format_currency(amount, currency, locale=_locale())
