"""Count business time for other programs: manage.py business_time <questions >answers."""

import json
import sys
from collections.abc import Iterable, Iterator

from django.core.management.base import BaseCommand, CommandError

from itil.calendars.hours.questions import answer


class Command(BaseCommand):
    help = (
        "Answer questions about business time: one JSON object a line in, one a line out. "
        "Operations are add, between, cutoff and business_days; docs/algorithms/business-time.md "
        "describes them. A line that makes no sense is answered with an error; the rest goes on."
    )
    # It reads nothing but its lines.
    requires_system_checks: list = []

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", help="The questions; standard input without it.")

    def handle(self, *args, **options):
        if options["file"] is None:
            return self._answer(sys.stdin.buffer)
        try:
            with open(options["file"], "rb") as lines:
                return self._answer(lines)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error

    def _answer(self, lines: Iterable[bytes]) -> None:
        for reply in replies(lines):
            self.stdout.write(json.dumps(reply))
            # Whoever asks line by line waits for the answer.
            self.stdout.flush()


def replies(lines: Iterable[bytes]) -> Iterator[dict]:
    """The answer to each line, as soon as it is there; empty lines have none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"Line {number} is not JSON in UTF-8: {error}."}
        else:
            yield answer(question)
