"""Loads the demo company, once."""

import time

from django.core.management.base import BaseCommand

from portal.demo.company import PASSWORD
from portal.demo.seeding import SIGN_INS, is_seeded, seed


class Command(BaseCommand):
    help = "Load the demo company into an empty installation; does nothing when there is data."

    def add_arguments(self, parser):
        parser.add_argument(
            "--show-signins", action="store_true", help="print who can sign in, and nothing else"
        )

    def handle(self, *args, **options):
        if options["show_signins"]:
            for role, address in SIGN_INS:
                self.stdout.write(f"  {role:<20} {address:<32} {PASSWORD}")
            return
        if is_seeded():
            self.stdout.write("There is data already; the demo company was not loaded.")
            return
        began = time.monotonic()
        told = seed()
        took = time.monotonic() - began
        self.stdout.write(f"Loaded the demo company: {told} tickets in {took:.0f} s.")
