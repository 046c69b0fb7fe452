"""Compute clocks again from the events of their tickets: manage.py sla_replay."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from itil.sla.actions import differences, rewrite
from itil.tickets.models import Ticket


class Command(BaseCommand):
    help = (
        "Compute the clocks of tickets again from their events and say where what is stored"
        " differs. Nothing is changed without --write."
    )

    def add_arguments(self, parser):
        parser.add_argument("numbers", nargs="*", metavar="TICKET", help="such as INC-000123")
        parser.add_argument("--from", dest="start", help="received on or after this date (UTC)")
        parser.add_argument("--to", dest="end", help="received before this date (UTC)")
        parser.add_argument(
            "--write", action="store_true", help="replace the clocks that differ by what is right"
        )

    def handle(self, *args, numbers, start, end, write, **options):
        tickets = self.chosen(numbers, start, end)
        looked_at = different = 0
        for ticket, found in differences(tickets, timezone.now()):
            looked_at += 1
            if not found:
                continue
            different += 1
            for difference in found:
                self.stdout.write(str(difference))
            if write:
                rewrite(ticket)
        done = " They were replaced." if write and different else ""
        self.stdout.write(f"{looked_at:,} tickets, {different:,} with differences.{done}")
        if different and not write:
            raise CommandError("Clocks differ from their events; --write replaces them.")

    def chosen(self, numbers, start, end):
        tickets = Ticket.objects.all()
        if numbers:
            tickets = tickets.filter(number__in=numbers)
            missing = set(numbers) - set(tickets.values_list("number", flat=True))
            if missing:
                raise CommandError(f"There is no ticket {', '.join(sorted(missing))}.")
        if start:
            tickets = tickets.filter(received_at__date__gte=self.day(start))
        if end:
            tickets = tickets.filter(received_at__date__lt=self.day(end))
        return tickets

    def day(self, text):
        try:
            found = parse_date(text)
        except ValueError:
            found = None
        if found is None:
            raise CommandError(f"{text} is no date; write it as 2026-03-31.")
        return found
