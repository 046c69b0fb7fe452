"""The hours behind an invoice, as its annex shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from billing.invoices.models import BilledTime, Invoice
from itil.timesheets.models import NoteVisibility

from .wording import HourStyle, Wording


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
    # What the agent wrote for the customer.
    note: str = ""


def hours_of(invoice: Invoice) -> list[HourRow]:
    """Every hour in the order of the lines, then by day. One query.

    The agents' own notes are internal and stay out; so do the subjects of confidential tickets.
    """
    confidential = Wording.of(invoice.language).say("confidential")
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
        "entry__note",
        "entry__note_visibility",
    )
    return [
        HourRow(
            line=position,
            description=description,
            work_date=day,
            ticket=number,
            title=confidential if is_secret else title,
            agent=agent,
            raw_minutes=raw,
            billed_minutes=billed,
            is_late=late,
            note=note if visible == NoteVisibility.INVOICE_TEXT and not is_secret else "",
        )
        for (
            position,
            description,
            day,
            number,
            title,
            is_secret,
            agent,
            raw,
            billed,
            late,
            note,
            visible,
        ) in rows
    ]


def annex_of(invoice: Invoice, wording: Wording) -> dict[str, Any] | None:
    """Hours by line, a row for each ticket, day and person, with equal sums; None for no hours."""
    rows = hours_of(invoice)
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
