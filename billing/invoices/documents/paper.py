"""What stands on the paper, as text in the active language; the template only places it."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

import segno.helpers
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from billing.contracts.models import VatCategory
from billing.invoices.amounts import MINUTE
from billing.invoices.models import BilledTime, Invoice, InvoiceLine
from billing.invoices.numbering import in_fours, is_iban

from .parties import parties_of
from .wording import HourStyle, Wording

# Labels carry a context: without it a short word such as "Number" is translated as Wagtail uses it.
TEMPLATE = "documents/invoice.html"


@dataclass(frozen=True)
class HourRow:
    """One entry as the customer may see it; minutes raw and as billed."""

    line: int
    description: str
    work_date: date
    ticket: str
    title: str
    agent: str
    raw_minutes: int
    billed_minutes: int
    is_late: bool


def hours_of(invoice: Invoice) -> list[HourRow]:
    """Every hour in the order of the lines, then by day. One query.

    The agents' own notes are internal and stay out; so do the subjects of confidential tickets.
    """
    rows = BilledTime.objects.of(invoice).values_list(
        "line__position",
        "line__description",
        "entry__work_date",
        "entry__ticket__number",
        "entry__ticket__title",
        "entry__ticket__is_confidential",
        "entry__agent__name",
        "raw_minutes",
        "billed_minutes",
        "is_late",
    )
    return [
        HourRow(
            line=position,
            description=description,
            work_date=day,
            ticket=number,
            title=pgettext("invoice", "Confidential") if confidential else title,
            agent=agent,
            raw_minutes=raw,
            billed_minutes=billed,
            is_late=late,
        )
        for (
            position,
            description,
            day,
            number,
            title,
            confidential,
            agent,
            raw,
            billed,
            late,
        ) in rows
    ]


def html_of(invoice: Invoice) -> SafeString:
    """The page that is printed. Three queries; call it in the language of the invoice."""
    return SafeString(render_to_string(TEMPLATE, paper_of(invoice)))


def paper_of(invoice: Invoice) -> dict[str, Any]:
    """Everything the template shows."""
    wording = Wording.of(invoice.language)
    ours, theirs = parties_of(invoice)
    lines = list(invoice.lines.order_by("position"))
    style = HourStyle.of(line.minutes for line in lines)
    payable = wording.money(invoice.payable_total, invoice.currency)
    if invoice.due_on:
        due = _("%(amount)s due %(date)s") % {
            "amount": payable,
            "date": wording.day(invoice.due_on),
        }
    else:
        due = _("%(amount)s due %(days)d days after issue") % {
            "amount": payable,
            "days": invoice.payment_terms_days,
        }
    return {
        "language": invoice.language,
        "is_draft": not invoice.is_frozen,
        "title": _("Invoice %(number)s") % {"number": invoice.number}
        if invoice.number
        else _("Draft of an invoice"),
        "number": invoice.number or pgettext("invoice", "DRAFT"),
        "brand": ours["brand"],
        "facts": _facts(invoice, wording),
        "seller": _address(ours, wording),
        "buyer": _address(theirs, wording),
        "due": due,
        "note": _note(ours),
        "lines": [
            _line(line, invoice.currency, wording, style)
            for line in lines
            if line.minutes or line.net
        ],
        "subtotal": wording.money(invoice.net_total, invoice.currency),
        "taxes": [_tax(row, invoice.currency, wording) for row in invoice.vat_breakdown],
        "reasons": [row["reason"] for row in invoice.vat_breakdown if row["reason"]],
        "payable": payable,
        "payment": _payment(invoice, ours),
        "footer": _footer(ours),
        "sheet": _sheet(invoice, wording),
    }


def _facts(invoice: Invoice, wording: Wording) -> list[tuple[str, str]]:
    facts = []
    if invoice.number and invoice.issued_on and invoice.due_on:
        facts += [
            (pgettext("invoice", "Number"), invoice.number),
            (pgettext("invoice", "Issued"), wording.day(invoice.issued_on)),
            (pgettext("invoice", "Due"), wording.day(invoice.due_on)),
        ]
    else:
        facts.append(
            (
                pgettext("invoice", "Number"),
                pgettext("invoice", "DRAFT – given when the invoice is issued"),
            )
        )
    facts.append(
        (
            pgettext("invoice", "Service period"),
            wording.period(invoice.period_first, invoice.period_last),
        )
    )
    contract = _("contract %(number)s") % {"number": invoice.contract_number}
    order = ", ".join(text for text in (invoice.buyer_reference, contract) if text)
    facts.append((pgettext("invoice", "Your order"), order))
    return facts


def _address(details: dict[str, str], wording: Wording) -> dict[str, Any]:
    """The name and the lines under it; empty lines are left out."""
    place = " ".join(text for text in (details["postcode"], details["city"]) if text)
    if details["country"]:
        place = ", ".join(text for text in (place, wording.country(details["country"])) if text)
    lines = [details["street"], place, details["email"]]
    if details["vat_id"]:
        lines.append(_("VAT %(number)s") % {"number": details["vat_id"]})
    elif details.get("tax_number"):
        lines.append(_("Tax number %(number)s") % {"number": details["tax_number"]})
    elif details.get("registration_number"):
        lines.append(_("Registration %(number)s") % {"number": details["registration_number"]})
    return {"name": details["name"], "lines": [line for line in lines if line]}


def _note(ours: dict[str, str]) -> str:
    text = _("Thank you for working with us. The next page lists every hour behind this invoice.")
    ways = [way for way in (ours["email"], ours["phone"]) if way]
    if ways:
        text += " " + _("Questions? %(ways)s.") % {"ways": " · ".join(ways)}
    return text


def _line(line: InvoiceLine, currency: str, wording: Wording, style: HourStyle) -> dict[str, str]:
    price = wording.price(line.unit_price, currency)
    if line.unit == MINUTE:
        price = _("%(price)s per %(count)d min") % {"price": price, "count": line.price_base}
    return {
        "description": line.description,
        "detail": line.detail,
        "quantity": wording.quantity(line.quantity, line.unit, style),
        "price": price,
        "amount": wording.money(line.net, currency),
    }


def _tax(row: dict[str, str], currency: str, wording: Wording) -> dict[str, str]:
    base = wording.money(Decimal(row["taxable"]), currency)
    if row["category"] == VatCategory.OUTSIDE_SCOPE:
        label = _("No VAT on %(base)s") % {"base": base}
    else:
        label = _("VAT %(rate)s on %(base)s") % {
            "rate": wording.percent(Decimal(row["rate"])),
            "base": base,
        }
    return {"label": label, "amount": wording.money(Decimal(row["tax"]), currency)}


def _payment(invoice: Invoice, ours: dict[str, str]) -> dict[str, str] | None:
    """Where to pay; None without an account or when nothing is owed."""
    if not ours["iban"] or invoice.payable_total <= 0 or invoice.is_credit_note:
        return None
    return {
        "to": ours["name"],
        "iban": in_fours(ours["iban"]),
        "bic": ours["bic"],
        "reference": in_fours(invoice.payment_reference),
        "code": _payment_code(invoice, ours),
    }


def _payment_code(invoice: Invoice, ours: dict[str, str]) -> str:
    """The EPC code that banking apps read, as a data address; "" when it does not apply."""
    fits = Decimal("0.01") <= invoice.payable_total <= Decimal("999999999.99")
    if not (invoice.number and invoice.currency == "EUR" and is_iban(ours["iban"]) and fits):
        return ""
    code = segno.helpers.make_epc_qr(
        name=ours["name"][:70],
        iban=ours["iban"].replace(" ", ""),
        amount=invoice.payable_total,
        reference=invoice.payment_reference,
        bic=ours["bic"] or None,
        encoding=1,
    )
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", dark="#171c26", border=0, omitsize=True)
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.getvalue()).decode()


def _footer(ours: dict[str, str]) -> str:
    place = " ".join(text for text in (ours["postcode"], ours["city"]) if text)
    address = ", ".join(text for text in (ours["street"], place) if text)
    vat = _("VAT %(number)s") % {"number": ours["vat_id"]} if ours["vat_id"] else ""
    return " · ".join(text for text in (ours["name"], address, vat, ours["registration"]) if text)


def _sheet(invoice: Invoice, wording: Wording) -> dict[str, Any]:
    """Page two: hours by line, one row for each ticket, day and person, with equal sums."""
    rows = hours_of(invoice)
    style = HourStyle.of(row.billed_minutes for row in rows)
    groups = []
    for _position, members in groupby(rows, key=lambda row: row.line):
        group = list(members)
        groups.append(
            {
                "title": group[0].description,
                "total": wording.hours(_billed(group), style),
                "rows": _sheet_rows(group, wording, style),
            }
        )
    total = wording.hours(_billed(rows), style)
    tickets = len({row.ticket for row in rows})
    summary = ngettext(
        "%(hours)s hours on %(count)d ticket.", "%(hours)s hours on %(count)d tickets.", tickets
    ) % {"hours": total, "count": tickets}
    if any(row.is_late for row in rows):
        summary += " " + _("Rows with a year were worked before this month and not billed then.")
    return {
        "title": _("Work in %(month)s") % {"month": wording.month(invoice.period_first)},
        "summary": summary,
        "groups": groups,
        "total": total,
    }


def _sheet_rows(
    rows: Sequence[HourRow], wording: Wording, style: HourStyle
) -> list[dict[str, str]]:
    merged: dict[tuple[date, str, str], list[HourRow]] = {}
    for row in rows:
        merged.setdefault((row.work_date, row.ticket, row.agent), []).append(row)
    return [
        {
            "day": wording.dated_day(day) if members[0].is_late else wording.short_day(day),
            "ticket": ticket,
            "title": members[0].title,
            "agent": agent,
            "hours": wording.hours(_billed(members), style),
        }
        for (day, ticket, agent), members in merged.items()
    ]


def _billed(rows: Sequence[HourRow]) -> int:
    return sum(row.billed_minutes for row in rows)
