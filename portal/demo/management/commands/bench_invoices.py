"""Time the month-end run, and kill its processes on the way."""

import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

from portal.demo.bulk import make_world
from portal.demo.invoices_bench import (
    CUSTOMERS,
    add_customers,
    complaints,
    forget_invoices,
    kill_again_and_again,
    measure_invoices,
)


class Command(BaseCommand):
    help = (
        "Make a database of its own beside the configured one, draft and issue the invoices of one "
        "month for many customers, and tell what one costs, how fast they come and how much memory "
        "it takes. With --kills processes are killed on the way, and what is there then is checked."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--count", type=int, default=CUSTOMERS, help="customers, one invoice each"
        )
        parser.add_argument("--workers", nargs="+", type=int, default=[1, 2])
        parser.add_argument(
            "--here", action="store_true", help="fill the configured database, and leave it so"
        )
        parser.add_argument("--kills", type=int, default=0, help="kill so many while it goes on")

    def handle(self, *args, count, workers, kills, here, **options):
        if count < 2 or min(workers) < 1 or kills < 0:
            raise CommandError("At least two customers and one worker are needed.")
        if here:
            self.measure(count, workers, kills)
            return
        if connection.vendor == "sqlite":
            path = Path(settings.VAR_DIR) / "bench" / "invoices.sqlite3"
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.settings_dict["TEST"]["NAME"] = str(path)
        configured = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            self.measure(count, workers, kills)
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)

    def measure(self, count, workers, kills):
        with tempfile.TemporaryDirectory() as files, override_settings(MEDIA_ROOT=files):
            add_customers(count, make_world().agents[0])
            if kills:
                self.kill(count, kills, workers)
            else:
                for line in measure_invoices(count, workers):
                    self.say(line)

    def kill(self, count, kills, workers):
        for at_once in workers:
            forget_invoices()
            began = time.perf_counter()
            killed = kill_again_and_again(count, kills, at_once=at_once)
            seconds = time.perf_counter() - began
            self.say(
                f"{count} invoices, {at_once} process(es) side by side, {seconds:.0f} s: "
                f"{killed.drafting} killed while drafting, {killed.issuing} while issuing; "
                f"{'; '.join(complaints(count)) or 'no gap, no repeat, every hour billed once'}"
            )

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()
