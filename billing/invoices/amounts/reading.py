"""An invoice as JSON in, its amounts as JSON out: what other programs check our sums with."""

import json
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from billing.contracts.amounts import is_current

from .categories import STANDARD, mixes_outside_scope, vat_problem
from .lines import line_net
from .totals import TaxedAmount, Totals, totals_of

WRITTEN_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
# Before and after the point: far more than any invoice needs, and quick to reckon with.
MOST_DIGITS = 18
MISSING: Any = object()


class WrongAmounts(Exception):  # noqa: N818, a refusal is an answer for a person
    """The JSON is no invoice; the sentence says where and why."""


def totals_of_json(text: str) -> dict[str, Any]:
    """The amounts of the invoice in `text`, decimals as text. Raises WrongAmounts.

    Numbers may be written as text or as JSON numbers, which are read as the decimals that stand
    there.
    """
    document = _object(_parsed(text), _("The input"))
    currency = _currency(document)
    rows = _list(document, "lines", "")
    if not rows:
        raise WrongAmounts(_("lines: an invoice has at least one line."))
    read = [_line(row, f"lines[{index}]", currency) for index, row in enumerate(rows)]
    lines = [taxed for _id, taxed in read]
    allowances = _taxed_list(document, "allowances")
    charges = _taxed_list(document, "charges")
    if mixes_outside_scope(row.category for row in (*lines, *allowances, *charges)):
        raise WrongAmounts(
            _("Category O (outside the scope of VAT) cannot stand beside another category.")
        )
    totals = totals_of(
        lines,
        currency,
        allowances=allowances,
        charges=charges,
        prepaid=_number(document, "prepaid", "", Decimal(0)),
        rounding=_number(document, "rounding", "", Decimal(0)),
    )
    return _written(totals, [(name, taxed.net) for name, taxed in read])


def _written(totals: Totals, lines: list[tuple[Any, Decimal]]) -> dict[str, Any]:
    return {
        "lines": [{"id": name, "net": _text(net)} for name, net in lines],
        "vat": [
            {
                "category": row.category,
                "rate": _rate_text(row.rate),
                "taxable": _text(row.taxable),
                "tax": _text(row.tax),
            }
            for row in totals.breakdown
        ],
        "totals": {
            "line_sum": _text(totals.lines),
            "allowances": _text(totals.allowances),
            "charges": _text(totals.charges),
            "without_vat": _text(totals.net),
            "vat": _text(totals.tax),
            "with_vat": _text(totals.gross),
            "prepaid": _text(totals.prepaid),
            "rounding": _text(totals.rounding),
            "due": _text(totals.payable),
        },
    }


def _text(amount: Decimal) -> str:
    return format(amount, "f")


def _rate_text(rate: Decimal) -> str:
    """At least two decimals: 21.00, 8.125."""
    whole, _point, decimals = format(rate, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _parsed(text: str) -> Any:
    def refuse(constant: str) -> Any:
        raise WrongAmounts(_("%(constant)s is not an amount.") % {"constant": constant})

    try:
        return json.loads(text, parse_float=Decimal, parse_constant=refuse)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise WrongAmounts(
            _("The input is not JSON: %(problem)s") % {"problem": problem}
        ) from problem


def _currency(document: dict[str, Any]) -> str:
    currency = _value(document, "currency", "")
    if not isinstance(currency, str) or not is_current(currency):
        raise WrongAmounts(
            _("currency: “%(code)s” is no currency. Write its code, such as EUR.")
            % {"code": str(currency)[:20]}
        )
    return currency


def _line(row: Any, place: str, currency: str) -> tuple[Any, TaxedAmount]:
    row = _object(row, place)
    name = _value(row, "id", place)
    if not isinstance(name, str | int) or isinstance(name, bool):
        raise WrongAmounts(_("%(place)s.id: write a text or a whole number.") % {"place": place})
    price = _number(row, "unit_price", place)
    if price < 0:
        raise WrongAmounts(
            _("%(place)s.unit_price: a price is not negative; make the quantity negative instead.")
            % {"place": place}
        )
    base = _number(row, "price_base_quantity", place, Decimal(1))
    if base <= 0:
        raise WrongAmounts(
            _("%(place)s.price_base_quantity: it must be above 0.") % {"place": place}
        )
    net = line_net(
        _number(row, "quantity", place),
        price,
        currency,
        price_base=base,
        allowances=_numbers(row, "allowances", place),
        charges=_numbers(row, "charges", place),
    )
    return name, _taxed(row, place, net)


def _taxed_list(document: dict[str, Any], name: str) -> list[TaxedAmount]:
    rows = []
    for index, row in enumerate(_list(document, name, "", [])):
        place = f"{name}[{index}]"
        row = _object(row, place)
        rows.append(_taxed(row, place, _number(row, "amount", place)))
    return rows


def _taxed(row: dict[str, Any], place: str, net: Decimal) -> TaxedAmount:
    """`net` with the category and rate of `row`; only category S must write its rate."""
    category = _value(row, "vat_category", place)
    if not isinstance(category, str):
        raise WrongAmounts(
            _("%(place)s.vat_category: write it as text, such as S.") % {"place": place}
        )
    rate = _number(row, "vat_rate", place, MISSING if category == STANDARD else Decimal(0))
    problem = vat_problem(category, rate)
    if problem:
        raise WrongAmounts(f"{place}: {problem}")
    return TaxedAmount(net, category, rate)


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise WrongAmounts(_("%(place)s is not a JSON object.") % {"place": place})
    return value


def _list(row: dict[str, Any], name: str, place: str, default: Any = MISSING) -> list[Any]:
    value = _value(row, name, place, default)
    if not isinstance(value, list):
        raise WrongAmounts(_("%(place)s is not a list.") % {"place": _path(place, name)})
    return value


def _numbers(row: dict[str, Any], name: str, place: str) -> list[Decimal]:
    values = _list(row, name, place, [])
    where = _path(place, name)
    return [_decimal(value, f"{where}[{index}]") for index, value in enumerate(values)]


def _number(row: dict[str, Any], name: str, place: str, default: Any = MISSING) -> Decimal:
    return _decimal(_value(row, name, place, default), _path(place, name))


def _value(row: dict[str, Any], name: str, place: str, default: Any = MISSING) -> Any:
    """What stands under `name`; null counts as not written."""
    value = row.get(name)
    if value is not None:
        return value
    if default is MISSING:
        raise WrongAmounts(_("%(place)s is missing.") % {"place": _path(place, name)})
    return default


def _decimal(value: Any, place: str) -> Decimal:
    if isinstance(value, str) and WRITTEN_NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    elif isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if not isinstance(value, Decimal):
        raise WrongAmounts(
            _('%(place)s: “%(value)s” is not a number. Write it as text, such as "12.50".')
            % {"place": place, "value": str(value)[:40]}
        )
    if value and (value.adjusted() >= MOST_DIGITS or -_exponent(value) > MOST_DIGITS):
        raise WrongAmounts(
            _("%(place)s: at most %(count)d digits before and after the point.")
            % {"place": place, "count": MOST_DIGITS}
        )
    return value


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _path(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
