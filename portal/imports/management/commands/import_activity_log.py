"""`manage.py import_activity_log FILE`: the activities of a help desk."""

from pathlib import Path

from django.core.management.base import CommandError

from portal.imports.activities.log import read_log
from portal.imports.activities.writing import write_log
from portal.imports.command import ImportCommand
from portal.imports.tables import NotThisTable
from portal.people.models import Organization


class Command(ImportCommand):
    help = (
        "Import an activity log (CSV, also packed as .csv.gz): one row per activity of a case, with"
        " CaseID, ActivityID and CompleteTimestamp. Cases become closed incidents. A second run"
        " changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the log, .csv or .csv.gz")
        parser.add_argument(
            "--name",
            default="Activity log",
            help="what the log is called; its cases are known by it (default: %(default)s)",
        )
        parser.add_argument(
            "--organization",
            metavar="NAME",
            default="Imported log",
            help="the organization that the incidents are counted for; made when missing (default:"
            " %(default)s)",
        )

    def handle(self, *, file: Path, verbosity: int, **options):
        is_quiet = verbosity == 0
        source, organization = (" ".join(options[key].split()) for key in ("name", "organization"))
        if not source or not organization:
            raise CommandError("The log and the organization need a name.")
        try:
            log = read_log(
                file, lambda lines: self.progress(lines, "Reading", " rows", is_quiet=is_quiet)
            )
        except NotThisTable as error:
            raise CommandError(str(error)) from None
        customer, _made = Organization.objects.get_or_create(name=organization)
        written = write_log(
            log,
            source=source,
            organization=customer,
            progress=lambda cases: self.progress(cases, "Writing", " cases", is_quiet=is_quiet),
        )
        if not is_quiet:
            self.stdout.write(f"{log.rows_read} rows read.")
            self.stdout.write(f"New: {written['incidents']} incidents, {written['events']} events.")
            if written["already_there"]:
                self.stdout.write(f"{written['already_there']} cases were there already.")
            self.tell_damaged(log.damaged)
