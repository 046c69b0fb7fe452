"""The sums below the lines: VAT by category and rate, and what is to be paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from billing.contracts.amounts import WIDE, rounded

ZERO = Decimal(0)


@dataclass(frozen=True)
class TaxedAmount:
    """An amount without VAT, of a line or of the whole document, with its VAT category."""

    net: Decimal
    category: str
    rate: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Tax:
    """One row of the VAT breakdown; `rate` in percent."""

    category: str
    rate: Decimal
    reason: str
    taxable: Decimal
    tax: Decimal

    def as_row(self) -> dict[str, str]:
        """As an invoice keeps it in `vat_breakdown`: decimals as text."""
        return {
            "category": self.category,
            "rate": str(self.rate),
            "reason": self.reason,
            "taxable": str(self.taxable),
            "tax": str(self.tax),
        }


@dataclass(frozen=True)
class Totals:
    """`net` = `lines` - `allowances` + `charges`; `gross` = `net` + `tax`; `payable` = `gross` -
    `prepaid` + `rounding`. The `breakdown` in the order of category and falling rate.
    """

    lines: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal
    breakdown: tuple[Tax, ...]


def totals_of(
    lines: Iterable[TaxedAmount],
    currency: str,
    *,
    allowances: Iterable[TaxedAmount] = (),
    charges: Iterable[TaxedAmount] = (),
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
) -> Totals:
    """Sums in the order of EN 16931 (BR-CO-10 to BR-CO-17), VAT once for each category and rate.

    `allowances` and `charges` are those of the whole document. Each amount is rounded on its own
    first, which leaves the nets of lines as they are.
    """
    line_rows = [_rounded(row, currency) for row in lines]
    allowance_rows = [_rounded(row, currency) for row in allowances]
    charge_rows = [_rounded(row, currency) for row in charges]
    breakdown = _breakdown(line_rows, allowance_rows, charge_rows, currency)
    zero = rounded(ZERO, currency)
    line_sum = _sum((row.net for row in line_rows), zero)
    allowance_sum = _sum((row.net for row in allowance_rows), zero)
    charge_sum = _sum((row.net for row in charge_rows), zero)
    net = WIDE.add(WIDE.subtract(line_sum, allowance_sum), charge_sum)
    tax = _sum((row.tax for row in breakdown), zero)
    gross = WIDE.add(net, tax)
    prepaid, rounding = rounded(prepaid, currency), rounded(rounding, currency)
    return Totals(
        lines=line_sum,
        allowances=allowance_sum,
        charges=charge_sum,
        net=net,
        tax=tax,
        gross=gross,
        prepaid=prepaid,
        rounding=rounding,
        payable=WIDE.add(WIDE.subtract(gross, prepaid), rounding),
        breakdown=breakdown,
    )


def converted(tax: Decimal, exchange_rate: Decimal, tax_currency: str) -> Decimal:
    """Total VAT in `tax_currency`, rounded once (`BIL-23`).

    `exchange_rate` is how much of the invoice's currency one unit of `tax_currency` is worth.
    """
    return rounded(Fraction(tax) / Fraction(exchange_rate), tax_currency)


def _rounded(row: TaxedAmount, currency: str) -> TaxedAmount:
    return TaxedAmount(rounded(row.net, currency), row.category, row.rate, row.reason)


def _breakdown(
    lines: list[TaxedAmount],
    allowances: list[TaxedAmount],
    charges: list[TaxedAmount],
    currency: str,
) -> tuple[Tax, ...]:
    # Decimals of equal value are one key: 21 and 21.00 make one row.
    taxable: dict[tuple[str, Decimal], Decimal] = {}
    reasons: dict[tuple[str, Decimal], str] = {}
    for rows, add in ((lines, WIDE.add), (allowances, WIDE.subtract), (charges, WIDE.add)):
        for row in rows:
            key = (row.category, row.rate)
            taxable[key] = add(taxable.get(key, rounded(ZERO, currency)), row.net)
            reasons[key] = reasons.get(key) or row.reason
    return tuple(
        Tax(
            category=category,
            rate=rate,
            reason=reasons[category, rate],
            taxable=base,
            tax=rounded(Fraction(base) * Fraction(rate) / 100, currency),
        )
        for (category, rate), base in sorted(
            taxable.items(), key=lambda item: (item[0][0], -item[0][1])
        )
    )


def _sum(amounts: Iterable[Decimal], zero: Decimal) -> Decimal:
    total = zero
    for amount in amounts:
        total = WIDE.add(total, amount)
    return total
