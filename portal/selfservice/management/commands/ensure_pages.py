"""`manage.py ensure_pages`: the home page, the answers and the catalog, where they are missing."""

from django.core.management.base import BaseCommand

from portal.selfservice.actions import ensure_home


class Command(BaseCommand):
    help = "Makes the home page, the section of answers and the catalog when they are missing."

    def handle(self, *args, **options):
        home = ensure_home()
        self.stdout.write(f"The home page is {home.url or '/'}.")
