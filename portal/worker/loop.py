"""The loop of a worker process on the built-in engine."""

import logging
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.utils import exclusive_transaction, is_locked_database_exception

from portal.outbox.actions import send_due

from .dispatch import dispatch_events, retry_reactions
from .heartbeat import Heartbeat
from .models import Job
from .periodic import start_due, write_down

logger = logging.getLogger(__name__)


class JobWorker(Worker):
    """Adds to the engine's worker: signs of life, the schedule, and a stop that waits.

    A first SIGTERM or SIGINT lets the current task end; a second one cuts it off.
    """

    def __init__(self, *, drain: bool):
        super().__init__(
            queue_names=["*"],
            interval=settings.WORKER_POLL_SECONDS,
            batch=drain,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self._had_work = True

    def shutdown(self, signum, frame):
        if not self.running:
            super().shutdown(signum, frame)
        logger.info("Stopping when the current task has ended.")
        self.running = False

    def run(self):
        logger.info("Worker %s starts", self.worker_id)
        write_down(timezone.now())
        with Heartbeat(self.worker_id):
            while self.running:
                close_old_connections()
                try:
                    self._had_work = self.step()
                except (InterfaceError, OperationalError):
                    # The database is away for a moment (restart, failover): stay and ask again.
                    logger.exception("The database did not answer")
                    self._had_work = False
                    if self.batch:
                        raise
                if self._had_work or not self.running:
                    continue
                if self.batch:
                    break
                time.sleep(self.interval)
        logger.info("Worker %s ends", self.worker_id)

    def step(self) -> bool:
        """Do one piece of work; False when there was none."""
        if not self.batch:
            start_due(timezone.now())
        job = self.claim_next()
        if job is not None:
            self.run_task(job)
            return True
        return self.batch and drain_once()

    def claim_next(self) -> Job | None:
        """Take the next waiting task, or None. Looks without a lock first while idle."""
        waiting = Job.objects.ready().filter(backend_name=self.backend_name)
        if not self._had_work and not waiting.exists():
            return None
        try:
            with exclusive_transaction():
                job = waiting.get_locked()
                if job is not None:
                    job.claim(self.worker_id)
                return job
        except OperationalError as error:
            if is_locked_database_exception(error):
                return None
            raise


def drain_once() -> bool:
    """Run the reactions to stored events and send due mail; False when there was nothing."""
    now = timezone.now()
    return any([dispatch_events(), retry_reactions(now), send_due(now)])
