"""Runs background work until stopped; start as many as the machine has room for."""

import logging
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.worker.loop import JobWorker


class Command(BaseCommand):
    help = "Runs background tasks and the schedule until it is stopped by SIGTERM."

    def add_arguments(self, parser):
        parser.add_argument(
            "--drain",
            action="store_true",
            help="Do everything that waits (tasks, reactions, mail), leave the schedule, and exit.",
        )

    def handle(self, *, drain, verbosity, **_options):
        # The engine reports each start and end of a task; with sweeps every few seconds that is
        # too much for a log.
        logging.getLogger("django_tasks").setLevel(
            logging.INFO if verbosity > 1 else logging.WARNING
        )
        if settings.TASKS_ENGINE == "celery":
            self._run_celery(drain)
            return
        worker = JobWorker(drain=drain)
        worker.configure_signals()
        worker.run()

    def _run_celery(self, drain):
        if drain:
            raise CommandError("With Celery the queue is drained by a running worker only.")
        # Celery is an extra: installations without it must be able to load this module.
        from portal.worker.celery import app, worker_arguments  # noqa: PLC0415

        sys.exit(app.worker_main(worker_arguments()))
