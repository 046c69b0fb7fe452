"""Lines and sums as text, for every document that has some."""

from decimal import Decimal
from typing import Any

from billing.contracts.documents import HourStyle, Wording
from billing.contracts.models import VatCategory
from billing.invoices.amounts import HOUR, Totals
from billing.invoices.einvoice import Adjustment, Line

HEADS = ("description", "quantity", "unit_price", "amount")
# Fewer stay together: the last two lines go with the sums (invoices/paper.css).
CARRIED_FROM = 3


def table_of(lines: tuple[Line, ...], currency: str, wording: Wording) -> dict[str, Any]:
    """The rows with the sums that are carried over a page break."""
    style = HourStyle.of(int(line.quantity * 60) for line in lines if line.unit == HOUR)
    rows = []
    total = Decimal(0)
    for line in lines:
        before, total = total, total + line.net
        row = _row(line, currency, wording, style)
        if len(lines) >= CARRIED_FROM:
            if rows:
                row["before"] = wording.say("brought", amount=wording.money(before, currency))
            row["after"] = wording.say("carried", amount=wording.money(total, currency))
        rows.append(row)
    carried = len(lines) >= CARRIED_FROM
    return {
        "heads": {name: wording.say(name) for name in HEADS},
        "rows": rows,
        # At the head of a page that begins with the rest of a long last line, above the sums.
        "brought": wording.say("brought", amount=wording.money(total, currency)) if carried else "",
    }


def _row(line: Line, currency: str, wording: Wording, style: HourStyle) -> dict[str, Any]:
    price = wording.price(line.price, currency)
    if line.price_base != 1:
        price = wording.say(
            "price_for",
            price=price,
            count=wording.decimal(line.price_base),
            unit=wording.unit(line.unit, line.price_base),
        )
    return {
        "description": line.name,
        "detail": line.detail,
        "changes": [
            f"{one.reason}: {wording.money(amount, currency)}"
            for rows, sign in ((line.allowances, -1), (line.charges, 1))
            for one in rows
            for amount in (sign * one.amount,)
        ],
        "quantity": wording.quantity(line.quantity, line.unit, style),
        "price": price,
        "amount": wording.money(line.net, currency),
    }


def sums_of(
    totals: Totals,
    currency: str,
    wording: Wording,
    *,
    allowances: tuple[Adjustment, ...] = (),
    charges: tuple[Adjustment, ...] = (),
    last: str,
) -> list[tuple[str, str]]:
    """Labels and amounts from the sum of the lines to what is due; `last` names that phrase."""

    def money(amount: Decimal) -> str:
        return wording.money(amount, currency)

    rows = []
    if allowances or charges:
        rows.append((wording.say("line_sum"), money(totals.lines)))
        rows += [(one.reason, money(-one.amount)) for one in allowances]
        rows += [(one.reason, money(one.amount)) for one in charges]
    rows.append((wording.say("subtotal"), money(totals.net)))
    for row in totals.breakdown:
        base = money(row.taxable)
        label = (
            wording.say("no_vat_on", base=base)
            if row.category == VatCategory.OUTSIDE_SCOPE
            else wording.say("vat_on", rate=wording.percent(row.rate), base=base)
        )
        rows.append((label, money(row.tax)))
    if totals.prepaid or totals.rounding:
        rows.append((wording.say("total"), money(totals.gross)))
    if totals.prepaid:
        rows.append((wording.say("prepaid"), money(-totals.prepaid)))
    if totals.rounding:
        rows.append((wording.say("rounding"), money(totals.rounding)))
    return [*rows, (wording.say(last), money(totals.payable))]
