"""Numbers in words, in the language of the reader."""

from datetime import date

from babel.numbers import get_currency_precision
from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.ui.moments import duration_text

MINUTE = 60


def not_available() -> str:
    return _("n/a")


def count(value: int) -> str:
    return formats.number_format(value, 0, use_l10n=True, force_grouping=True)


def decimal(value: float, digits: int = 1) -> str:
    return formats.number_format(round(value, digits), digits, use_l10n=True, force_grouping=True)


def percent(yes: int, n: int, digits: int = 1) -> str:
    """`94.2%`; n/a when there is nothing to count. 99.96 is not shown as 100 (`SLA-15`)."""
    if not n:
        return not_available()
    # Cut, never rounded up: 100 means all.
    scale = 10**digits
    return _("%(number)s%%") % {"number": decimal(yes * 100 * scale // n / scale, digits)}


def on_axis(value: float, unit: str) -> str:
    """`0.5 h`, `2,000`, `20%`: with as many decimals as it has."""
    digits = 0 if value == round(value) else 2 if round(value, 1) != round(value, 2) else 1
    number = decimal(value, digits)
    if unit == "%":
        return _("%(number)s%%") % {"number": number}
    return f"{number} {unit}".rstrip()


def span(seconds: float | None) -> str:
    """`3h 10m`; `under 1m`; n/a when there is nothing to measure."""
    if seconds is None:
        return not_available()
    if 0 < seconds < MINUTE:
        return _("under 1m")
    return duration_text(seconds)


def money(value: float, currency: str) -> str:
    """`1,204.50 EUR`, to the minor unit of the currency."""
    digits = min(2, get_currency_precision(currency)) if currency else 2
    return f"{decimal(value, digits)} {currency}".rstrip()


def month(first: date) -> str:
    return formats.date_format(first, pgettext("date", "M Y"))


def day(value: date) -> str:
    return formats.date_format(value, pgettext("date", "j M Y"))


def lowered(name: str) -> str:
    """A name in the middle of another. Abbreviations stay, and German nouns, which are most of
    what a name begins with."""
    stays = name[1:2].isupper() or (get_language() or "").startswith("de")
    return name if stays else name[:1].lower() + name[1:]
