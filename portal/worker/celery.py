"""The Celery application: the same tasks and the same schedule on a queue in Redis.

Start with `manage.py run_worker` or, with options of your own,
`celery -A portal.worker.celery worker --beat -Q default,mail`. Any number of workers may carry
`--beat`: the beat only asks what is due, and each run of the schedule is started once.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("balie")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Loaded when Django is ready; this module itself is read before that.
app.conf.imports = ["portal.worker.celery_tasks"]
app.conf.beat_scheduler = "celery.beat:Scheduler"
app.conf.beat_max_loop_interval = 1

RUN = "portal.worker.run"
PLAN = "portal.worker.plan"

app.conf.beat_schedule = {
    # Asked every second, answered by the rows of the schedule; a late question is worth nothing.
    "plan": {"task": PLAN, "schedule": 1.0, "options": {"expires": 5}}
}


def worker_arguments() -> list[str]:
    """The command line of a worker that serves every queue and carries the beat."""
    queues = ",".join(settings.TASKS["default"]["QUEUES"])
    level = os.environ.get("LOG_LEVEL", "WARNING")
    return ["worker", "--beat", "--queues", queues, "--loglevel", level]
