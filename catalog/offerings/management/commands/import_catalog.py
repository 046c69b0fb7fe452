"""`manage.py import_catalog FILE`: a catalog that was kept elsewhere."""

import re
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.offerings.actions import Calendars, add_offers, calendars_of
from catalog.offerings.models import CatalogItem, CatalogPage
from catalog.offerings.parse import NotACatalog, read_catalog
from itil.calendars.hours import MINUTES_A_DAY

LINES_SHOWN = 50
KINDS = ("departments", "topics", "teams", "items")
HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class Command(BaseCommand):
    help = (
        "Import a catalog (CSV): one row per thing to order, with its department (subject), topic"
        " (reason), team (department) and promise (due_kind business or calendar, due_days). A"
        " second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the catalog, .csv")
        parser.add_argument(
            "--name",
            default="Imported catalog",
            help="what it is called; its calendars are named after it (default: %(default)s)",
        )
        parser.add_argument(
            "--audience",
            choices=CatalogItem.Audience.values,
            default=CatalogItem.Audience.EVERYBODY.value,
            help="who may order its items (default: %(default)s)",
        )
        parser.add_argument(
            "--time-zone",
            metavar="ZONE",
            default=settings.BUSINESS_TIME_ZONE,
            help="of the calendars, when they are made (default: %(default)s)",
        )
        parser.add_argument(
            "--hours",
            default="08:30-17:00",
            help="the hours of a working day, Monday to Friday (default: %(default)s)",
        )
        parser.add_argument(
            "--holidays",
            metavar="COUNTRY[-REGION]",
            default="",
            help="whose public holidays are no working days, such as US-MA",
        )

    def handle(self, *, file: Path, name: str, audience: str, verbosity: int, **options):
        quiet = verbosity == 0
        name = " ".join(name.split())
        if not name:
            raise CommandError("The catalog needs a name.")
        catalog = CatalogPage.objects.first()
        if catalog is None:
            raise CommandError("There is no catalog yet: run `manage.py ensure_pages` first.")
        try:
            read = read_catalog(file)
        except NotACatalog as error:
            raise CommandError(str(error)) from None
        written = add_offers(
            read.offers,
            catalog=catalog,
            source=name,
            calendars=self._calendars(name, **options),
            audience=audience,
            progress=lambda offers: tqdm(offers, unit=" items", file=sys.stderr, disable=quiet),
        )
        if not quiet:
            self._tell(read, written)

    def _calendars(self, name: str, *, time_zone, hours, holidays, **_options) -> Calendars:
        """The two calendars, made by the options when they are missing."""
        times = HOURS.fullmatch(hours)
        if not times:
            raise CommandError(f"The hours {hours} are not written as 08:30-17:00.")
        opens, closes = (int(times[at]) * 60 + int(times[at + 1]) for at in (1, 3))
        if not opens < closes <= MINUTES_A_DAY:
            raise CommandError(f"A working day of {hours} has no hours.")
        country, _dash, region = holidays.partition("-")
        try:
            return calendars_of(
                name,
                time_zone=time_zone,
                opens=opens,
                closes=closes,
                country=country,
                region=region,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None

    def _tell(self, read, written) -> None:
        self.stdout.write("New: " + ", ".join(f"{getattr(written, k)} {k}" for k in KINDS) + ".")
        if written.already_there:
            self.stdout.write(f"{written.already_there} items were there already.")
        for reason, lines in read.damaged.items():
            shown = ", ".join(str(line) for line in lines[:LINES_SHOWN])
            more = len(lines) - LINES_SHOWN
            rest = f" and {more} more" if more > 0 else ""
            self.stdout.write(f"Left out, {reason}: line {shown}{rest}")
