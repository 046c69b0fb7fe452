"""`manage.py import_servicenow FILE`: the incident audit log of a ServiceNow instance."""

from pathlib import Path

from django.core.management.base import CommandError

from portal.imports.command import ImportCommand
from portal.imports.servicenow.log import Log, read_log
from portal.imports.servicenow.promises import AGREEMENT, NoSuchAgreement, find_agreement
from portal.imports.servicenow.writing import write_log
from portal.imports.tables import NotThisTable
from portal.people.models import Organization

KINDS = (
    *("people", "teams", "categories", "incidents", "events", "clocks"),
    *("problems", "changes", "items", "links"),
)


class Command(ImportCommand):
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

        try:
            log = read_log(
                file, lambda lines: self.progress(lines, "Reading", " rows", is_quiet=quiet)
            )
        except NotThisTable as error:
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
            progress=lambda items: self.progress(items, "Writing", " incidents", is_quiet=quiet),
        )
        if not quiet:
            self._tell(log, written)

    def _tell(self, log: Log, written) -> None:
        self.stdout.write(f"{log.rows_read} rows of {len(log.incidents)} incidents read.")
        self.stdout.write("New: " + ", ".join(f"{written[kind]} {kind}" for kind in KINDS) + ".")
        if written["already_there"]:
            self.stdout.write(f"{written['already_there']} incidents were there already.")
        self.tell_damaged(log.damaged)
