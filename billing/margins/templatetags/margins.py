"""Shares and what is missing, in the viewer's language."""

from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language, to_locale

from billing.margins.matching import Margin
from billing.margins.tables import missing_in_words

register = template.Library()


@register.simple_tag
def percent(value: Decimal) -> str:
    """A share to a tenth, such as 42.5 %."""
    locale = to_locale(get_language() or "en-gb")
    return f"{format_decimal(value, '#,##0.0', locale=locale)}\u00a0%"


@register.simple_tag
def missing(row: Margin) -> str:
    return missing_in_words(row.missing)
