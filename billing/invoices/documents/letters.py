"""Documents that are no invoices: reminders and estimates, made of plain facts about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from billing.contracts.documents import Wording
from billing.invoices.amounts import Totals
from billing.invoices.einvoice import Line, Payment

from .letterhead import letterhead_of
from .sums import sums_of, table_of
from .transfer import payment_of


@dataclass(frozen=True)
class OpenInvoice:
    """A row of a reminder: one invoice and what is open of it."""

    number: str
    issued_on: date
    due_on: date
    days_late: int
    open: Decimal


@dataclass(frozen=True)
class ReminderLetter:
    """One level of asking; parties as `parties_of` gives them. Interest stands outside VAT."""

    level: int
    written_on: date
    language: str
    currency: str
    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    rows: tuple[OpenInvoice, ...]
    payment: Payment | None
    interest: Decimal = Decimal(0)
    # Percent a year, and the days it was reckoned for.
    interest_rate: Decimal | None = None
    interest_days: int = 0
    fixed_sum: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """All that is asked for."""
        return sum((row.open for row in self.rows), self.interest + self.fixed_sum)


class EstimateKind(Enum):
    """What acceptance binds to (`BIL-8`)."""

    INDICATIVE = "indicative"
    CAP = "cap"
    FIXED = "fixed"


@dataclass(frozen=True)
class EstimateLetter:
    """One version of an estimate."""

    kind: EstimateKind
    number: str
    version: int
    written_on: date
    valid_until: date | None
    language: str
    currency: str
    seller: Mapping[str, str]
    buyer: Mapping[str, str]
    lines: tuple[Line, ...]
    totals: Totals
    title: str = ""
    ticket: str = ""
    note: str = ""


def reminder_html(letter: ReminderLetter) -> SafeString:
    """The page of a reminder, for `pdf_of`."""
    return SafeString(render_to_string("documents/reminder.html", _reminder(letter)))


def estimate_html(letter: EstimateLetter) -> SafeString:
    """The page of an estimate, for `pdf_of`; the customer may sign it."""
    return SafeString(render_to_string("documents/estimate.html", _estimate(letter)))


def _reminder(letter: ReminderLetter) -> dict[str, Any]:
    wording = Wording.of(letter.language)
    kind = wording.say(f"reminder_{letter.level}")
    numbers = ", ".join(row.number for row in letter.rows)

    def money(amount: Decimal) -> str:
        return wording.money(amount, letter.currency)

    sums = []
    if letter.interest and letter.interest_rate is not None:
        label = wording.say(
            "interest", rate=wording.percent(letter.interest_rate), days=letter.interest_days
        )
        sums.append((label, money(letter.interest)))
    if letter.fixed_sum:
        sums.append((wording.say("fixed_sum"), money(letter.fixed_sum)))
    head = letterhead_of(letter.seller, letter.buyer, wording, number=numbers)
    return head | {
        "language": letter.language,
        "made_on": letter.written_on,
        "kind": kind,
        "title": f"{kind} {numbers}",
        "facts": [(wording.say("date"), wording.day(letter.written_on))],
        "headline": f"{wording.say('total_open')}: {money(letter.total)}",
        "intro": wording.say(f"reminder_text_{letter.level}"),
        "heads": [
            wording.say(name) for name in ("number", "issued", "due", "days_late", "open_amount")
        ],
        "rows": [
            (
                row.number,
                wording.day(row.issued_on),
                wording.day(row.due_on),
                row.days_late,
                money(row.open),
            )
            for row in letter.rows
        ],
        "sums": [*sums, (wording.say("total_open"), money(letter.total))],
        "notes": [wording.say("outside_vat")] if sums else [],
        "payment": payment_of(letter.payment, letter.total, letter.currency, wording),
    }


def _estimate(letter: EstimateLetter) -> dict[str, Any]:
    wording = Wording.of(letter.language)
    kind = wording.say("estimate")
    facts = [
        ("number", letter.number),
        ("version", str(letter.version)),
        ("date", wording.day(letter.written_on)),
        ("valid_until", wording.day(letter.valid_until) if letter.valid_until else ""),
        ("ticket", letter.ticket),
        ("work", letter.title),
    ]
    total = wording.money(letter.totals.payable, letter.currency)
    head = letterhead_of(letter.seller, letter.buyer, wording, number=letter.number)
    return head | {
        "language": letter.language,
        "made_on": letter.written_on,
        "kind": kind,
        "title": f"{kind} {letter.number}",
        "facts": [(wording.say(label), value) for label, value in facts if value],
        "headline": f"{wording.say('estimated_total')}: {total}",
        "intro": letter.note,
        "table": table_of(letter.lines, letter.currency, wording),
        "sums": sums_of(letter.totals, letter.currency, wording, last="estimated_total"),
        "notes": [wording.say(f"estimate_{letter.kind.value}")],
        "accept": wording.say("accept"),
    }
