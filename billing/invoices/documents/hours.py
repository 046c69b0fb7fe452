"""The hours behind an invoice, as its annex shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from billing.contracts.documents import HourStyle, Wording
from billing.invoices.models import BilledTime, Invoice
from itil.timesheets.models import NoteVisibility

# Frozen with the entry and the line, in the order of `HourRow`.
FIGURES = (
    "line__position",
    "line__description",
    "entry__work_date",
    "raw_minutes",
    "billed_minutes",
    "is_late",
)
DRAFTED = (
    "entry__ticket__number",
    "entry__ticket__title",
    "entry__ticket__is_confidential",
    "entry__agent__name",
    "entry__note",
    "entry__note_visibility",
)


@dataclass(frozen=True)
class HourRow:
    """One entry as the customer may see it; minutes raw and as billed."""

    line: int
    description: str
    work_date: date
    raw_minutes: int
    billed_minutes: int
    is_late: bool
    ticket: str
    title: str
    agent: str
    # What the agent wrote for the customer.
    note: str = ""


def hours_of(invoice: Invoice) -> list[HourRow]:
    """Every hour in the order of the lines, then by day; as it was told at issue. One query.

    The agents' own notes are internal and stay out; so do the subjects of confidential tickets.
    """
    if invoice.is_frozen:
        columns = ("ticket_number", "ticket_title", "agent_name", "note")
        rows = BilledTime.objects.of(invoice).values_list(*FIGURES, *columns)
        return [HourRow(*row) for row in rows]
    confidential = Wording.of(invoice.language).say("confidential")
    return [
        _told(row, confidential)
        for row in BilledTime.objects.of(invoice).values(*FIGURES, *DRAFTED)
    ]


def _told(row: dict[str, Any], confidential: str) -> HourRow:
    """What `BilledTimeQuerySet.keep_texts` will write when the draft is issued."""
    is_secret = row["entry__ticket__is_confidential"]
    is_meant = row["entry__note_visibility"] == NoteVisibility.INVOICE_TEXT and not is_secret
    texts = (
        row["entry__ticket__number"],
        confidential if is_secret else row["entry__ticket__title"],
        row["entry__agent__name"],
        row["entry__note"] if is_meant else "",
    )
    told: list[Any] = [*(row[name] for name in FIGURES), *texts]
    return HourRow(*told)


def annex_of(invoice: Invoice, wording: Wording, rows: Sequence[HourRow]) -> dict[str, Any] | None:
    """Hours by line, a row for each ticket, day and person, with equal sums; None for no hours."""
    if not rows:
        return None
    style = HourStyle.of(row.billed_minutes for row in rows)
    groups = []
    for _position, members in groupby(rows, key=lambda row: row.line):
        group = list(members)
        groups.append(
            {
                "title": group[0].description,
                "total": wording.hours(_billed(group), style),
                "rows": _annex_rows(group, wording, style),
            }
        )
    total = wording.hours(_billed(rows), style)
    tickets = len({row.ticket for row in rows})
    summary = wording.say("hours_and_tickets", hours=total, tickets=tickets)
    if any(row.is_late for row in rows):
        summary += " " + wording.say("late_rows")
    period = wording.month(invoice.period_first)
    if invoice.period_first.replace(day=1) != invoice.period_last.replace(day=1):
        period = wording.period(invoice.period_first, invoice.period_last)
    return {
        "title": wording.say("work_in", period=period),
        "summary": summary,
        "heads": {name: wording.say(name) for name in ("date", "ticket", "work", "who", "hours")},
        "total_label": wording.say("total_hours"),
        "groups": groups,
        "total": total,
    }


def _annex_rows(
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
            "note": "; ".join(dict.fromkeys(row.note for row in members if row.note)),
            "agent": agent,
            "hours": wording.hours(_billed(members), style),
        }
        for (day, ticket, agent), members in merged.items()
    ]


def _billed(rows: Sequence[HourRow]) -> int:
    return sum(row.billed_minutes for row in rows)
