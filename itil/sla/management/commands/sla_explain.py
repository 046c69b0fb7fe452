"""Say as JSON why the deadlines of a ticket are what they are: manage.py sla_explain INC-000123."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from itil.sla.actions import accounts
from itil.sla.clock.evidence import as_data
from itil.tickets.models import Ticket


class Command(BaseCommand):
    help = "Print, as JSON, what made every deadline of a ticket: each stretch of time, and why."

    def add_arguments(self, parser):
        parser.add_argument("number", metavar="TICKET", help="such as INC-000123")

    def handle(self, *args, number, **options):
        ticket = Ticket.objects.select_related("requester").filter(number=number).first()
        if ticket is None:
            raise CommandError(f"There is no ticket {number}.")
        now = timezone.now()
        told = {
            "ticket": ticket.number,
            "title": ticket.title,
            "received_at": ticket.received_at.isoformat(),
            "generated_at": now.isoformat(timespec="seconds"),
            "clocks": [as_data(account) for account in accounts(ticket, now)],
        }
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
