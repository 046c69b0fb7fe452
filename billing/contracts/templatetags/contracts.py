"""Amounts, hours and states of contracts in the viewer's language."""

import re
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency, format_decimal
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, to_locale

from billing.contracts.amounts import decimals_of
from billing.contracts.models import (
    Charge,
    ChargeState,
    Contract,
    Coverage,
    PrepaidBlock,
    Unit,
    UnitCode,
)
from portal.ui.templatetags.ui import hours_minutes

register = template.Library()

# The shape beside the word; classes of ui/app.css.
SHAPES = {
    ChargeState.PROPOSED: "wait",
    ChargeState.OPEN: "open",
    ChargeState.INVOICED: "done",
    ChargeState.WRITTEN_OFF: "closed",
    ChargeState.REJECTED: "closed",
    ChargeState.WITHDRAWN: "closed",
}


def _locale() -> str:
    return to_locale(get_language() or "en-gb")


@register.simple_tag
def amount(value: Decimal, currency: str) -> str:
    """€1,234.50, to the minor unit of its currency, with a true minus sign."""
    return _money(value, currency, "0" * decimals_of(currency))


@register.simple_tag
def rate(value: Decimal, currency: str) -> str:
    """A price of one unit: to the minor unit, and further decimals when it has some."""
    least = decimals_of(currency)
    return _money(value, currency, "0" * least + "#" * (4 - least))


def _money(value: Decimal, currency: str, decimals: str) -> str:
    """With the sign of the currency where the language puts it."""
    number = f"#,##0.{decimals}" if decimals else "#,##0"
    standard = Locale.parse(_locale()).currency_formats["standard"].pattern
    pattern = re.sub(r"[#0,.]+", number, standard)
    text = format_currency(value, currency, pattern, locale=_locale(), currency_digits=False)
    return str(text).replace("-", "−")


@register.filter
def hours(minutes: int | Decimal) -> str:
    """Minutes as 12h 30m."""
    return hours_minutes(int(minutes))


@register.simple_tag
def how_many(charge: Charge) -> str:
    """The quantity of a charge with its unit, such as 4 pieces or 86 km."""
    number = format_decimal(charge.quantity, "#,##0.####", locale=_locale())
    n = 1 if abs(charge.quantity) == 1 else 2
    unit = {
        UnitCode.PIECE: ngettext("piece", "pieces", n),
        UnitCode.HOUR: gettext("h"),
        UnitCode.KILOMETRE: gettext("km"),
        UnitCode.MONTH: ngettext("month", "months", n),
        UnitCode.LUMP_SUM: ngettext("lump sum", "lump sums", n),
    }[UnitCode(charge.unit)]
    return f"{number}\u00a0{unit}".replace("-", "−")


@register.simple_tag
def quantity(block: PrepaidBlock, value: Decimal) -> str:
    """So much of a block: hours, or money in the currency of its contract."""
    if block.unit == Unit.HOURS:
        return hours(value)
    return amount(value, block.contract.currency)


@register.filter
def number(value: Decimal) -> str:
    return str(format_decimal(value, "#,##0.####", locale=_locale()))


@register.filter
def times(value: Decimal) -> str:
    """A multiplier, as in × 1.5."""
    return f"×\u00a0{number(value)}"


@register.simple_tag
def coverage_name(coverage: str) -> str:
    return str(Coverage(coverage).label)


@register.simple_tag
def charge_badge(charge: Charge) -> SafeString:
    return format_html(
        '<span class="st {}">{}</span>',
        SHAPES[ChargeState(charge.state)],
        charge.get_state_display(),
    )


@register.simple_tag
def contract_badge(contract: Contract, today: date) -> SafeString:
    """Whether it is in force today."""
    if not contract.active:
        return format_html('<span class="st closed">{}</span>', gettext("Inactive"))
    if contract.valid_from > today:
        return format_html('<span class="st sched">{}</span>', gettext("Begins later"))
    if contract.valid_to and contract.valid_to < today:
        return format_html('<span class="st closed">{}</span>', gettext("Ended"))
    return format_html('<span class="st done">{}</span>', gettext("In force"))
