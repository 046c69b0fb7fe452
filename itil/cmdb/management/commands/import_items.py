"""`manage.py import_items FILE`: a list of items that was kept elsewhere."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from itil.cmdb import actions
from itil.cmdb.errors import Refused
from itil.cmdb.parse import KEYS
from portal.people.models import User
from portal.ui.sheets import SheetError, read_text

LINES_SHOWN = 50


class Command(BaseCommand):
    help = (
        "Import items (CSV): known ones are found by one column and changed, others are entered."
        " Without --yes nothing is changed. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="the list, .csv")
        parser.add_argument("--by", required=True, metavar="ADDRESS", help="the agent who does it")
        parser.add_argument(
            "--key", choices=list(KEYS), default="", help="the column of known ones"
        )
        parser.add_argument("--yes", action="store_true", help="carry it out")

    def handle(self, *, file: Path, by: str, key: str, yes: bool, **options):
        agent = User.objects.with_address(by).first()
        if agent is None:
            raise CommandError(f"Nobody has the address {by}.")
        now = timezone.now()
        try:
            kept = actions.try_import(
                by=agent, file_name=file.name, text=read_text(file.read_bytes()), key=key, at=now
            )
            if yes:
                kept = actions.carry_out(kept, by=agent, at=now)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except (SheetError, Refused) as error:
            raise CommandError(str(error)) from None
        result = kept.result
        for line, why, _cells in result["rejects"][:LINES_SHOWN]:
            self.stderr.write(f"line {line}: {why}")
        told = ", ".join(f"{result[kind]} {kind}" for kind in ("created", "changed", "same"))
        done = "Carried out" if yes else "Tried, nothing changed"
        self.stdout.write(f"{done}: {told}, {result['refused']} refused.")
