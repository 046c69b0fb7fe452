"""`manage.py import_servicenow FILE`: the incident audit log of a ServiceNow instance."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.imports.servicenow.log import Log, NotThisLog, read_log
from portal.imports.servicenow.promises import AGREEMENT, NoSuchAgreement, find_agreement
from portal.imports.servicenow.writing import write_log
from portal.people.models import Organization

LINES_SHOWN = 50
KINDS = ("people", "teams", "categories", "incidents", "events", "clocks")


class Command(BaseCommand):
    help = (
        "Import the incident audit log of a ServiceNow instance (CSV, also packed as .csv.gz): one"
        " row per saved state of a record, times in UTC. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the log, .csv or .csv.gz")
        parser.add_argument(
            "--organization",
            metavar="NAME",
            default="Imported log",
            help="the organization the callers belong to; made when missing (default: %(default)s)",
        )
        parser.add_argument(
            "--agreement",
            metavar="NAME",
            default=AGREEMENT,
            help="the agreement whose clocks the incidents get; the default one is made when it is"
            " missing (default: %(default)s)",
        )

    def handle(self, *, file: Path, organization: str, agreement: str, verbosity: int, **_options):
        quiet = verbosity == 0
        name = " ".join(organization.split())
        if not name:
            raise CommandError("The organization needs a name.")

        def progress(items, label, unit):
            # A terminal is redrawn, a file gets a line now and then.
            pause = 0.2 if sys.stderr.isatty() else 10
            return tqdm(
                items, desc=label, unit=unit, file=sys.stderr, mininterval=pause, disable=quiet
            )

        try:
            log = read_log(file, lambda lines: progress(lines, "Reading", " rows"))
        except NotThisLog as error:
            raise CommandError(str(error)) from None
        try:
            promise = find_agreement(agreement)
        except NoSuchAgreement as error:
            raise CommandError(str(error)) from None
        customer, _made = Organization.objects.get_or_create(name=name)
        written = write_log(
            log,
            organization=customer,
            agreement=promise,
            progress=lambda items: progress(items, "Writing", " incidents"),
        )
        if not quiet:
            self._tell(log, written)

    def _tell(self, log: Log, written) -> None:
        self.stdout.write(f"{log.rows_read} rows of {len(log.incidents)} incidents read.")
        self.stdout.write("New: " + ", ".join(f"{written[kind]} {kind}" for kind in KINDS) + ".")
        if written["already_there"]:
            self.stdout.write(f"{written['already_there']} incidents were there already.")
        if not log.damaged:
            self.stdout.write("No damaged rows.")
            return
        self.stdout.write(f"{log.damaged_count} damaged rows were left out:")
        for reason, lines in log.damaged.items():
            shown = ", ".join(str(line) for line in lines[:LINES_SHOWN])
            more = len(lines) - LINES_SHOWN
            rest = f" and {more} more" if more > 0 else ""
            self.stdout.write(f"  {reason}: line {shown}{rest}")
