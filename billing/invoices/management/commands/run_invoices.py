"""manage.py run_invoices 2026-10"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.invoices.actions import RunResult, run_month
from billing.invoices.models import Invoice
from billing.invoices.parse import month
from itil.tickets.errors import MissingValue, Refused

# Also what the shell uses for wrong arguments.
WRONG_MONTH = 2


class Command(BaseCommand):
    help = "Drafts one invoice for each customer from the billable hours of a month."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("month", help="the month to bill, such as 2026-10")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *, month: str, json: bool, **options: Any) -> None:
        try:
            result = run(month)
        except MissingValue as problem:
            raise CommandError(str(problem), returncode=WRONG_MONTH) from problem
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(as_json(result) if json else as_text(result))


def run(text: str) -> RunResult:
    return run_month(month(text), by=None)


def as_text(result: RunResult) -> str:
    lines = []
    for outcome in ("drafted", "rebuilt", "unchanged"):
        lines += [
            f"{outcome:<10} {invoice.organization.name}: {invoice.payable_total} {invoice.currency}"
            for invoice in getattr(result, outcome)
        ]
    lines += [f"{'removed':<10} {name}" for name in result.removed]
    lines += [f"{'left out':<10} {skip.organization}: {skip.sentence}" for skip in result.skipped]
    lines.append(
        f"{result.month}: {len(result.drafted)} drafted, {len(result.rebuilt)} rebuilt, "
        f"{len(result.unchanged)} unchanged, {len(result.removed)} removed."
    )
    return "\n".join(lines)


def as_json(result: RunResult) -> str:
    def row(invoice: Invoice) -> dict[str, Any]:
        return {
            "uuid": str(invoice.uuid),
            "number": invoice.number,
            "state": invoice.state,
            "organization": invoice.organization.name,
            "currency": invoice.currency,
            "minutes": invoice.minutes,
            "net": str(invoice.net_total),
            "vat": str(invoice.vat_total),
            "payable": str(invoice.payable_total),
        }

    return json.dumps(
        {
            "month": str(result.month),
            "drafted": [row(invoice) for invoice in result.drafted],
            "rebuilt": [row(invoice) for invoice in result.rebuilt],
            "unchanged": [row(invoice) for invoice in result.unchanged],
            "removed": result.removed,
            "skipped": [
                {
                    "reason": skip.reason.value,
                    "organization": skip.organization,
                    "entries": skip.entries,
                    "minutes": skip.minutes,
                    "activity": skip.activity,
                }
                for skip in result.skipped
            ],
        },
        indent=2,
        ensure_ascii=False,
    )
