"""What the commands of all importers have in common: how far they are, and what they left out."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from django.core.management.base import BaseCommand
from tqdm import tqdm

from .tables import Damage

LINES_SHOWN = 50
Item = TypeVar("Item")


class ImportCommand(BaseCommand):
    """A command that reads a table and stores what is not there yet."""

    def progress(
        self, items: Iterable[Item], label: str, unit: str, *, is_quiet: bool
    ) -> Iterable[Item]:
        """The same items, with a bar on the error stream."""
        # A terminal is redrawn, a file gets a line now and then.
        pause = 0.2 if sys.stderr.isatty() else 10
        return tqdm(
            items, desc=label, unit=unit, file=sys.stderr, mininterval=pause, disable=is_quiet
        )

    def tell_damaged(self, damaged: Damage) -> None:
        """Every reason why rows were left out, with the first of their lines."""
        if not damaged:
            self.stdout.write("No damaged rows.")
            return
        count = sum(len(lines) for lines in damaged.values())
        self.stdout.write(f"{count} damaged rows were left out:")
        for reason, lines in damaged.items():
            shown = ", ".join(str(line) for line in lines[:LINES_SHOWN])
            more = len(lines) - LINES_SHOWN
            rest = f" and {more} more" if more > 0 else ""
            self.stdout.write(f"  {reason}: line {shown}{rest}")
