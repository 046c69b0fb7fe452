"""Time the reports of a very large desk, and compare their figures with SQL."""

import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from itil.tickets.models import Ticket, TicketEvent
from portal.demo.bulk import make_world, refresh_statistics
from portal.demo.bulk_history import add_history

TICKETS = 1_000_000


class Command(BaseCommand):
    help = (
        "Make a database of its own beside the configured one, fill it with tickets and their "
        "histories, and tell how long fact files take to build and a dashboard's figures to "
        "compute, from the files and from the database."
    )

    def add_arguments(self, parser):
        parser.add_argument("--tickets", type=int, default=TICKETS)
        parser.add_argument(
            "--here",
            action="store_true",
            help="measure with what the configured database holds, made by this command; it writes"
            " some events, and removes them",
        )

    def handle(self, *args, tickets, here, **options):
        if tickets < 1:
            raise CommandError("At least one ticket is needed.")
        if here:
            self.measure()
            return
        if connection.vendor == "sqlite":
            path = Path(settings.VAR_DIR) / "bench" / "reports.sqlite3"
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.settings_dict["TEST"]["NAME"] = str(path)
        configured = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            began = time.perf_counter()
            add_history(make_world(), tickets, now=timezone.now())
            refresh_statistics()
            self.say(f"written in {time.perf_counter() - began:.0f} s")
            self.measure()
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)

    def measure(self):
        # Slow import: pandas is for those who measure reports.
        from portal.demo.reports_bench import measure_reports  # noqa: PLC0415

        with tempfile.TemporaryDirectory() as files, override_settings(FACTS_DIR=Path(files)):
            for line in measure_reports(Ticket.objects.count(), TicketEvent.objects.count()):
                self.say(line)

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
