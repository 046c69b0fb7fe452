"""A fresh process that serves the what-if page: what it says, and what it had to load.

Run by `test_what_if.py` as a program of its own. The worker is away; in its place stands an answer
written by hand.
"""

import json
import os
import sys

ANSWER = {
    "taken_at": "2026-04-30T00:00:00+00:00",
    "clocks": 1,
    "left_as_they_are": 0,
    "by_metric": {
        "resolution": {
            "before": {"met": 1, "breached": 0, "pending": 0, "excluded": 0},
            "after": {"met": 0, "breached": 1, "pending": 0, "excluded": 0},
            "worse": 1,
            "better": 0,
        }
    },
    "by_priority": [],
    "by_team": [],
    "usual": [["resolution", 4, {"seconds": 86400, "is_only": True}]],
}
SIDE = (1, 4, 4, 0, 0, 1, 1772442000, 1772442000, 1772442000)


class NoMigrations(dict):
    """Tables are made from the models: quicker, and enough to look at a page."""

    def __contains__(self, label):
        return True

    def __getitem__(self, label):
        return None


def walk() -> None:
    """Ask, wait, and look at the answer, its list and its file."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    import portal.wsgi  # noqa: F401, PLC0415
    from portal.people.models import User  # noqa: PLC0415
    from reports.actions.answers import ROW, Sides  # noqa: PLC0415
    from reports.actions.snapshots import store  # noqa: PLC0415
    from reports.models import ReportSnapshot  # noqa: PLC0415

    call_command("migrate", run_syncdb=True, verbosity=0)
    client = Client()
    client.force_login(User.objects.create_superuser("root@halden.example", "Root", "-"))
    query = {"from": "2026-03-01", "to": "2026-03-31", "target-resolution-4": "1:00"}
    waiting = client.get("/reports/what-if/", query).content.decode()
    snapshot = ReportSnapshot.objects.get()
    store(snapshot, ANSWER, Sides(ROW.pack(*SIDE)).as_stored(), now=snapshot.requested_at)
    page = client.get("/reports/what-if/", query | {"side": "worse"}).content.decode()
    file = client.get("/reports/what-if/", query | {"format": "csv"})
    said = {
        "waits": "The answer is being computed" in waiting,
        "sentence": "1 promise that was not missed would have been." in page,
        "row": "A ticket you may not see" in page,
        "lines": len(list(file.streaming_content)),
        "heavy": sorted({"numpy", "pandas", "holidays.countries"} & set(sys.modules)),
    }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    os.environ |= {
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
    }
    from portal.settings import test as settings

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    settings.MIGRATION_MODULES = NoMigrations()
    walk()
