"""Build the fact files of reports, or compare them with the database."""

import re
import resource
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

LABEL = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Command(BaseCommand):
    help = (
        "Bring the fact files that reports read up to date: the months in which tickets were "
        "received that changed since the last run."
    )

    def add_arguments(self, parser: Any) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--all", action="store_true", help="every month")
        what.add_argument(
            "--month", action="append", default=[], metavar="YYYY-MM", help="this month as well"
        )
        what.add_argument(
            "--verify",
            action="store_true",
            help="build nothing, name what differs from the database; exit code 1 if any does",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Slow import: other commands do not load what reads and writes columns.
        from reports.actions.facts import build_facts  # noqa: PLC0415

        wrong = [label for label in options["month"] if not LABEL.fullmatch(label)]
        if wrong:
            raise CommandError(f"Write a month as 2026-03, not {wrong[0]}.", returncode=2)
        if options["verify"]:
            self.verify()
            return
        began = time.perf_counter()
        built = build_facts(
            now=timezone.now(), everything=options["all"], months=options["month"], wait=True
        )
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.stdout.write(
            f"{len(built.months)} months, {built.rows:,} rows in"
            f" {time.perf_counter() - began:.1f} s, {memory:,.0f} MB of memory at most"
        )

    def verify(self) -> None:
        from reports.actions.facts import verify_facts  # noqa: PLC0415

        try:
            found = list(verify_facts())
        except LookupError as error:
            raise CommandError(str(error)) from error
        for one in found:
            self.stdout.write(
                f"{one.month} {one.frame}: {one.stored:,} rows stored,"
                f" {one.found:,} in the database"
            )
        if found:
            raise CommandError(
                f"{len(found)} frames differ; build their months anew.", returncode=1
            )
        self.stdout.write("The fact files are what the database holds.")
