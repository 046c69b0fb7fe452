"""What stands on the paper of an invoice or credit note; the template only places it."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from billing.contracts.documents import Wording
from billing.invoices.einvoice import Content
from billing.invoices.models import Invoice

from .content import content_of, reasons_of
from .hours import HourRow, annex_of, hours_of
from .letterhead import letterhead_of
from .parties import parties_of
from .sums import sums_of, table_of
from .transfer import payment_of

TEMPLATE = "documents/invoice.html"


def html_of(
    invoice: Invoice, content: Content | None = None, hours: Sequence[HourRow] | None = None
) -> SafeString:
    """The page that is printed, in the language of the invoice. Three queries, four of a credit."""
    paper = paper_of(invoice, content or content_of(invoice), hours)
    return SafeString(render_to_string(TEMPLATE, paper))


def paper_of(
    invoice: Invoice, content: Content, hours: Sequence[HourRow] | None = None
) -> dict[str, Any]:
    """Everything the template shows; `hours` for those that stand on the invoice."""
    wording = Wording.of(invoice.language)
    ours, theirs = parties_of(invoice)
    kind = wording.say(invoice.kind)
    annex = annex_of(invoice, wording, hours_of(invoice) if hours is None else hours)
    return letterhead_of(ours, theirs, wording, number=invoice.number or wording.say("draft")) | {
        "language": invoice.language,
        "is_draft": not invoice.is_frozen,
        "made_on": content.issued_on,
        "kind": kind,
        "title": f"{kind} {content.number}" if content.number else wording.say("draft_title"),
        "facts": _facts(invoice, content, wording),
        "headline": _headline(invoice, content, wording),
        "intro": _intro(invoice, ours, wording, has_annex=annex is not None),
        "table": table_of(content.lines, content.currency, wording),
        "sums": sums_of(
            content.totals,
            content.currency,
            wording,
            allowances=content.allowances,
            charges=content.charges,
            last="amount_credited" if invoice.is_credit_note else "amount_due",
        ),
        "payment": payment_of(
            content.payment,
            content.totals.payable,
            content.currency,
            wording,
            note=ours.get("payment_note", ""),
        ),
        "notes": [*reasons_of(content, wording), *_tax_note(invoice, content, wording)],
        "annex": annex,
    }


def _facts(invoice: Invoice, content: Content, wording: Wording) -> list[tuple[str, str]]:
    facts = [("number", content.number or wording.say("draft_number"))]
    if content.number and content.issued_on:
        facts.append(("issued", wording.day(content.issued_on)))
    if content.number and content.due_on and not invoice.is_credit_note:
        facts.append(("due", wording.day(content.due_on)))
    if content.preceding:
        corrected = content.preceding.number
        if content.preceding.issued_on:
            day = wording.day(content.preceding.issued_on)
            corrected = wording.say("number_of_day", number=corrected, day=day)
        facts.append(("corrects", corrected))
        facts.append(("reason", invoice.correction_reason))
    facts += [
        ("period", wording.period(invoice.period_first, invoice.period_last)),
        ("order", content.order_number),
        ("your_reference", content.buyer_reference),
        ("contract", content.contract_number),
    ]
    return [(wording.say(label), value) for label, value in facts if value]


def _headline(invoice: Invoice, content: Content, wording: Wording) -> str:
    amount = wording.money(content.totals.payable, content.currency)
    if invoice.is_credit_note:
        return wording.say("credited_amount", amount=amount)
    if content.totals.payable <= 0:
        return wording.say("nothing_due")
    if content.due_on:
        return wording.say("due_on_day", amount=amount, day=wording.day(content.due_on))
    return wording.say("due_after_days", amount=amount, days=invoice.payment_terms_days)


def _intro(invoice: Invoice, ours: dict[str, str], wording: Wording, *, has_annex: bool) -> str:
    texts = [] if invoice.is_credit_note else [ours.get("intro") or wording.say("thanks")]
    if has_annex:
        texts.append(wording.say("annex_follows"))
    return wording.sentences(texts)


def _tax_note(invoice: Invoice, content: Content, wording: Wording) -> list[str]:
    """VAT in the currency of the tax office, with the rate it was converted at (`BIL-23`)."""
    if content.tax_currency is None or invoice.tax_exchange_rate is None:
        return []
    return [
        wording.say(
            "tax_currency",
            code=content.tax_currency.code,
            amount=wording.money(content.tax_currency.tax, content.tax_currency.code),
            rate=wording.decimal(invoice.tax_exchange_rate, places=12),
            other=content.currency,
            source=invoice.tax_rate_source,
            day=wording.day(invoice.tax_rate_on) if invoice.tax_rate_on else "",
        )
    ]
