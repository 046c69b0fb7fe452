"""Shares and what is missing, in the viewer's language."""

import re
from decimal import Decimal

from babel import Locale
from babel.numbers import format_percent
from django import template
from django.utils.translation import get_language, to_locale

from billing.margins.matching import Margin
from billing.margins.tables import missing_in_words

register = template.Library()


@register.simple_tag
def percent(value: Decimal) -> str:
    """A share to a tenth, such as 42.5%, as the language writes it."""
    locale = Locale.parse(to_locale(get_language() or "en-gb"))
    pattern = re.sub(r"[#0,.]+", "#,##0.0", locale.percent_formats[None].pattern)
    return str(format_percent(value / 100, pattern, locale=locale)).replace("-", "−")


@register.simple_tag
def missing(row: Margin) -> str:
    return missing_in_words(row.missing)
