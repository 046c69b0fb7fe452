"""What an invoice states, from its frozen columns; of a draft from the present details."""

from collections.abc import Mapping
from decimal import Decimal

from billing.contracts.documents import Wording
from billing.contracts.models import VatCategory
from billing.invoices.amounts import Tax, Totals, rounded
from billing.invoices.einvoice import (
    Adjustment,
    Content,
    Kind,
    Line,
    Party,
    Payment,
    Preceding,
    TaxCurrency,
)
from billing.invoices.models import DocumentKind, Invoice, InvoiceLine

from .parties import parties_of

KINDS = {DocumentKind.INVOICE: Kind.INVOICE, DocumentKind.CREDIT_NOTE: Kind.CREDIT_NOTE}


def content_of(invoice: Invoice) -> Content:
    """All that paper and XML say. One query for the lines, one for what a credit note corrects."""
    wording = Wording.of(invoice.language)
    ours, theirs = parties_of(invoice)
    lines = [
        _line(line, invoice.currency, wording)
        for line in invoice.lines.order_by("position")
        if line.minutes or line.net or line.quantity
    ]
    return Content(
        kind=KINDS[DocumentKind(invoice.kind)],
        number=invoice.number or "",
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        period_first=invoice.period_first,
        period_last=invoice.period_last,
        seller=_party(ours),
        buyer=_party(theirs),
        lines=tuple(lines),
        totals=_totals(invoice),
        allowances=_adjustments(invoice.allowances, wording.say("allowance"), invoice.currency),
        charges=_adjustments(invoice.charges, wording.say("charge"), invoice.currency),
        buyer_reference=invoice.buyer_reference,
        order_number=invoice.order_number,
        contract_number=invoice.contract_number,
        preceding=_preceding(invoice),
        payment=_payment(invoice, ours),
        terms=_terms(invoice, wording),
        note=invoice.correction_reason,
        tax_currency=_tax_currency(invoice),
    )


def _party(details: Mapping[str, str]) -> Party:
    return Party(
        name=details["name"],
        street=details["street"],
        postcode=details["postcode"],
        city=details["city"],
        country=details["country"].upper(),
        vat_id=details["vat_id"],
        tax_number=details.get("tax_number", ""),
        registration=details.get("registration") or details.get("registration_number", ""),
        email=details.get("email", ""),
        phone=details.get("phone", ""),
    )


def _line(line: InvoiceLine, currency: str, wording: Wording) -> Line:
    def adjustment(amount: Decimal, reason: str, default: str) -> tuple[Adjustment, ...]:
        if not amount:
            return ()
        return (Adjustment(rounded(amount, currency), reason or wording.say(default)),)

    return Line(
        position=line.position,
        name=line.description,
        detail=line.detail,
        quantity=line.quantity,
        unit=line.unit,
        price=line.unit_price,
        price_base=Decimal(line.price_base),
        net=rounded(line.net, currency),
        category=line.vat_category,
        rate=line.vat_rate,
        allowances=adjustment(line.allowance, line.allowance_reason, "allowance"),
        charges=adjustment(line.charge, line.charge_reason, "charge"),
    )


def _adjustments(rows: list[dict[str, str]], default: str, currency: str) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(
            amount=rounded(Decimal(row["amount"]), currency),
            reason=row.get("reason") or default,
            category=row["category"],
            rate=Decimal(row["rate"]),
        )
        for row in rows
    )


def _totals(invoice: Invoice) -> Totals:
    """The stored sums, with the decimals of the currency."""

    def amount(value: Decimal | str) -> Decimal:
        return rounded(Decimal(value), invoice.currency)

    return Totals(
        lines=amount(invoice.line_total),
        allowances=amount(invoice.allowance_total),
        charges=amount(invoice.charge_total),
        net=amount(invoice.net_total),
        tax=amount(invoice.vat_total),
        gross=amount(invoice.net_total + invoice.vat_total),
        prepaid=amount(invoice.prepaid_total),
        rounding=amount(invoice.rounding_total),
        payable=amount(invoice.payable_total),
        breakdown=tuple(
            Tax(
                category=row["category"],
                rate=Decimal(row["rate"]),
                reason=row["reason"],
                taxable=amount(row["taxable"]),
                tax=amount(row["tax"]),
            )
            for row in invoice.vat_breakdown
        ),
    )


def _preceding(invoice: Invoice) -> Preceding | None:
    if invoice.corrects is None:
        return None
    return Preceding(invoice.corrects.number or "", invoice.corrects.issued_on)


def _payment(invoice: Invoice, ours: Mapping[str, str]) -> Payment | None:
    """Where to pay; None without an account or when the customer owes nothing."""
    if not ours["iban"] or invoice.payable_total <= 0 or invoice.is_credit_note:
        return None
    return Payment(ours["name"], ours["iban"], ours["bic"], invoice.payment_reference)


def _terms(invoice: Invoice, wording: Wording) -> str:
    if invoice.is_credit_note:
        return ""
    return wording.say("terms_days", days=invoice.payment_terms_days)


def _tax_currency(invoice: Invoice) -> TaxCurrency | None:
    if not invoice.tax_currency or invoice.vat_total_in_tax_currency is None:
        return None
    tax = rounded(invoice.vat_total_in_tax_currency, invoice.tax_currency)
    return TaxCurrency(invoice.tax_currency, tax)


def reasons_of(content: Content, wording: Wording) -> list[str]:
    """Why there is no VAT, as the law wants it said on paper, each once."""
    reasons = []
    for row in content.totals.breakdown:
        if (
            row.category == VatCategory.REVERSE_CHARGE
            and "reverse charge" not in row.reason.lower()
        ):
            reasons.append(wording.say("reverse_charge"))
        if row.reason:
            reasons.append(row.reason)
    return list(dict.fromkeys(reasons))
