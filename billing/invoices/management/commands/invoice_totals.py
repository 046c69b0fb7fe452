"""manage.py invoice_totals < invoice.json"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.invoices.amounts import WrongAmounts, totals_of_json

# Also what the shell uses for wrong arguments.
WRONG_INPUT = 2


class Command(BaseCommand):
    help = (
        "Reads an invoice as JSON on standard input and prints its amounts and VAT as JSON, "
        "reckoned as on our own invoices."
    )
    # It opens no database and no page.
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        try:
            result = totals_of_json(sys.stdin.buffer.read().decode("utf-8-sig"))
        except (WrongAmounts, UnicodeDecodeError) as problem:
            raise CommandError(str(problem), returncode=WRONG_INPUT) from problem
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))
