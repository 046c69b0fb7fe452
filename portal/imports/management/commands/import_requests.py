"""`manage.py import_requests FILE`: the service requests of a city."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import CommandError

from catalog.offerings.models import CatalogItem
from portal.imports.command import ImportCommand
from portal.imports.requests.cases import Cases, read_cases
from portal.imports.requests.directory import items_of, leave_out_unknown, zones_of
from portal.imports.requests.writing import write_cases
from portal.imports.tables import NotThisTable
from portal.people.models import Organization

KINDS = ("people", "teams", "requests", "events", "clocks")


class Command(ImportCommand):
    help = (
        "Import service requests (CSV, also packed as .csv.gz): one row per case, with the item of"
        " the catalog (type), its times, due date, state, department and channel (source). Their"
        " catalog is imported first, by `import_catalog`. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the cases, .csv or .csv.gz")
        parser.add_argument(
            "--catalog",
            metavar="NAME",
            default="Imported catalog",
            help="what their catalog was called when it was imported (default: %(default)s)",
        )
        parser.add_argument(
            "--organization",
            metavar="NAME",
            default="Imported requests",
            help="the organization that the requests are counted for; made when missing (default:"
            " %(default)s)",
        )
        parser.add_argument(
            "--time-zone",
            metavar="ZONE",
            help="of times without an offset (default: that of the catalog's calendars)",
        )

    def handle(self, *, file: Path, verbosity: int, **options):
        is_quiet = verbosity == 0
        source, organization = (
            " ".join(options[name].split()) for name in ("catalog", "organization")
        )
        if not source or not organization:
            raise CommandError("The catalog and the organization need a name.")
        items = items_of(source)
        if not items:
            raise CommandError(
                f"There is no catalog “{source}”. Import it with `manage.py import_catalog` first,"
                " or name it with --catalog."
            )
        zone = self._zone(options["time_zone"], items)
        try:
            cases = read_cases(
                file,
                zone,
                lambda lines: self.progress(lines, "Reading", " rows", is_quiet=is_quiet),
            )
        except NotThisTable as error:
            raise CommandError(str(error)) from None
        leave_out_unknown(cases, items.keys())
        customer, _made = Organization.objects.get_or_create(name=organization)
        written = write_cases(
            cases.found,
            items,
            source=source,
            zone=zone.key,
            organization=customer,
            progress=lambda found: self.progress(found, "Writing", " requests", is_quiet=is_quiet),
        )
        if not is_quiet:
            self._tell(cases, written)

    def _zone(self, name: str | None, items: dict[str, CatalogItem]) -> ZoneInfo:
        """The zone that was asked for, else the one that all promises of the items are kept in."""
        known = zones_of(items.values())
        if name is None and len(known) != 1:
            raise CommandError("The catalog is not of one time zone: name it with --time-zone.")
        name = name or known.pop()
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise CommandError(f"There is no time zone “{name}”.") from None

    def _tell(self, cases: Cases, written) -> None:
        self.stdout.write(f"{cases.rows_read} rows read.")
        self.stdout.write("New: " + ", ".join(f"{written[kind]} {kind}" for kind in KINDS) + ".")
        if written["already_there"]:
            self.stdout.write(f"{written['already_there']} requests were there already.")
        self.tell_damaged(cases.damaged)
