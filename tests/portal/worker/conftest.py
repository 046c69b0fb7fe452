"""Worker processes and a database that they share with the test."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
# The Celery tests need a Redis, which .ci/run names, and one of them PostgreSQL.
collect_ignore = []
if not os.environ.get("TEST_REDIS_URL"):
    collect_ignore += ["test_celery.py", "test_celery_killed.py"]
elif not os.environ.get("DATABASE_URL", "").startswith("postgres"):
    collect_ignore += ["test_celery_killed.py"]

DATABASE_TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "mail"]}
}


@pytest.fixture
def database_queue(settings):
    """Tasks wait in the database instead of running at once."""
    settings.TASKS = DATABASE_TASKS


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """The address of the test database for other processes.

    SQLite's test database is in memory, which no other process can open: the test then works on
    a copy in a file.
    """
    if connection.vendor != "sqlite":
        known = connection.settings_dict
        user, password = known["USER"], known["PASSWORD"]
        yield f"postgres://{user}:{password}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
        return
    connection.ensure_connection()
    path = tmp_path / "shared.sqlite3"
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    with sqlite3.connect(path) as file:
        in_memory.backup(file)
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    yield f"sqlite:///{path}"
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name


class Process:
    """A worker in a process group of its own, so that a kill takes its children too."""

    def __init__(self, environment: dict[str, str], *arguments: str):
        self.process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=os.environ | environment,
            start_new_session=True,
        )

    def kill(self):
        """What a power cut does: SIGKILL to the whole group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def terminate(self) -> int:
        """What a restart does: SIGTERM; returns the exit code."""
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture
def start(tmp_path):
    """A function that starts a management command; whatever still runs at the end is killed."""
    started = []

    def start(environment, *arguments):
        defaults = {
            "DJANGO_SETTINGS_MODULE": "portal.settings.development",
            "BALIE_VAR": str(tmp_path / "var"),
            "WORKER_POLL_SECONDS": "0.1",
            "WORKER_BEAT_SECONDS": "0.3",
            "WORKER_STALE_SECONDS": "60",
            "WORKER_RETRY_SECONDS": "0.2",
        }
        process = Process(defaults | environment, *arguments)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.process.poll() is None:
            process.kill()


@pytest.fixture
def wait_for():
    """A function that waits until a condition holds, 30 seconds at most."""

    def wait(condition, seconds=30.0):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if condition():
                return
            time.sleep(0.05)
        raise AssertionError("It did not happen in time.")

    return wait
