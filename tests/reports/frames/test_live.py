"""How frames are read from a database that others write to at the same time."""

import sqlite3
import subprocess
import sys
import threading

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.utils import timezone

from reports.frames.live import own_connection
from reports.frames.source import Frames
from tests import make

# What another process is told when it wants to write at once.
WRITES = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as refusal:
    print(refusal)
"""


def test_reading_a_file_leaves_the_locks_of_the_process_alone(tmp_path):
    """A second library in one process would end them, and two writers damage a file of SQLite."""
    name = str(tmp_path / "desk.sqlite3")
    writer = sqlite3.connect(name, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE ticket (number)")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO ticket VALUES (1)")
    desk = {"ENGINE": "django.db.backends.sqlite3", "NAME": name}

    def read() -> None:
        own = own_connection(ConnectionHandler({"default": desk})["default"])
        assert own.execute("SELECT number FROM ticket").fetchall() == []
        own.close()

    reader = threading.Thread(target=read)
    reader.start()
    reader.join()
    asked = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WRITES, name], capture_output=True, text=True, check=True
    )
    assert asked.stdout == "database is locked\n"
    writer.execute("COMMIT")
    writer.close()


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_read_outside_a_transaction(cast):
    """By the connection of the reader's own, where the database is not one in memory."""
    ticket = make.incident(cast)
    assert not connection.in_atomic_block
    frames = Frames.live(now=timezone.now())
    tickets = frames.read("tickets", ["ticket", "received_at"])
    assert tickets["ticket"].tolist() == [ticket.pk]
    assert tickets["received_at"].tolist() == [ticket.received_at]
    assert frames.read("phases", ["ticket", "phase"])["ticket"].tolist() == [ticket.pk]
