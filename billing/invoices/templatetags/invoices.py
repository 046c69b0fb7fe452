"""Amounts, hours and states of invoices in the viewer's language."""

from datetime import date
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.invoices.documents import HourStyle, Wording, text_for_customer
from billing.invoices.lifecycle import RowState, RunState, State, result_label
from billing.invoices.matching import Why
from billing.invoices.models import (
    BilledTime,
    BillingRun,
    BillingRunRow,
    DocumentKind,
    Invoice,
    InvoiceLine,
)
from billing.invoices.parse import in_fours

register = template.Library()
register.filter("in_fours", in_fours)

# The shape beside the word; classes of ui/app.css.
SHAPES = {
    State.DRAFT: "wait",
    State.ISSUED: "sched",
    State.SENT: "sched",
    State.PARTLY_PAID: "open",
    State.PAID: "done",
    State.CANCELLED: "closed",
    State.WRITTEN_OFF: "closed",
}
RUN_SHAPES = {
    RunState.WAITING: "wait",
    RunState.RUNNING: "prog",
    RunState.DONE: "done",
    RunState.CANCELLED: "closed",
    RunState.FAILED: "bad",
}
ROW_SHAPES = {
    RowState.WAITING: "wait",
    RowState.DONE: "done",
    RowState.SKIPPED: "closed",
    RowState.FAILED: "bad",
}


def _wording() -> Wording:
    return Wording.of(get_language() or "en-gb")


@register.filter
def shortest(number: Decimal) -> str:
    """A number with no more decimals than it has."""
    return _wording().decimal(number, places=12)


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    return _wording().money(amount, currency)


@register.simple_tag
def price(amount: Decimal, currency: str) -> str:
    """An hourly rate with all its decimals."""
    return _wording().price(amount, currency)


@register.simple_tag
def quantity(amount: Decimal, unit: str) -> str:
    """1.75 h, 50 min or 3 pcs, with no more decimals than it has."""
    wording = _wording()
    return f"{wording.decimal(amount)}\u00a0{wording.unit(unit, amount)}".strip()


@register.filter
def decimal_hours(minutes: int) -> str:
    """Minutes as 118.5 h; hours and minutes (3:20 h) when decimals would not be exact."""
    return _("%(hours)s h") % {"hours": _wording().hours(minutes, HourStyle.of([minutes]))}


@register.filter
def percent(rate: Decimal | str) -> str:
    return _wording().percent(Decimal(rate))


@register.filter
def day(value: date | None) -> str:
    """3 Nov 2026; a dash for none."""
    return _wording().dated_day(value) if value else "–"


@register.filter
def month_name(value: date) -> str:
    """October 2026."""
    return _wording().month(value)


@register.simple_tag
def invoice_badge(invoice: Invoice, today: date) -> SafeString:
    """The state, or how late it is when the due date has passed."""
    late = invoice.days_late(today)
    if late:
        label = ngettext("Late, %(days)d day", "Late, %(days)d days", late) % {"days": late}
        return format_html('<span class="st bad">{}</span>', label)
    return format_html(
        '<span class="st {}">{}</span>', SHAPES[State(invoice.state)], invoice.get_state_display()
    )


@register.simple_tag
def run_badge(run: BillingRun) -> SafeString:
    return format_html(
        '<span class="st {}">{}</span>', RUN_SHAPES[RunState(run.state)], run.get_state_display()
    )


@register.simple_tag
def row_badge(row: BillingRunRow) -> SafeString:
    """What became of a customer of a run, or that it waits."""
    label = result_label(row.state, row.outcome)
    return format_html('<span class="st {}">{}</span>', ROW_SHAPES[RowState(row.state)], label)


@register.filter
def in_dispute(line: InvoiceLine) -> bool:
    """Whether one of its `talks` is not settled."""
    return any(talk.ended_at is None for talk in line.talks)  # type: ignore[attr-defined]


@register.filter
def customer_text(billed: BilledTime) -> str:
    """What was written about the work for the customer; empty unless it was meant for them."""
    return text_for_customer(billed.entry)


@register.simple_tag
def customer_badge(invoice: Invoice, today: date) -> SafeString:
    """How the invoice stands in the customer's words; what we gave up is no business of theirs."""
    if invoice.kind == DocumentKind.CREDIT_NOTE:
        return format_html('<span class="st closed">{}</span>', _("Credit note"))
    if invoice.days_late(today):
        return invoice_badge(invoice, today)
    words = {
        State.PARTLY_PAID: _("Partly paid"),
        State.PAID: _("Paid"),
        State.CANCELLED: _("Cancelled"),
        State.WRITTEN_OFF: _("Closed"),
    }
    state = State(invoice.state)
    return format_html(
        '<span class="st {}">{}</span>', SHAPES[state], words.get(state, _("To be paid"))
    )


@register.filter
def why_unbilled(value: str) -> str:
    """Why an entry stands on no issued invoice."""
    return str(Why(value).label)
