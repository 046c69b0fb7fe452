"""Who asks the database beside Django: what it sees, and what it leaves alone."""

import sqlite3
import subprocess
import sys

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler, OperationalError

from reports.frames.asking import OfTransaction, Question, own_asker
from reports.frames.columns import CHOICE, COUNT, FLAG, INSTANT

# What another process is told when it wants to write at once.
WRITES = """
import sqlite3, sys
try:
    sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as refusal:
    print(refusal)
"""


def told(asker, *questions):
    return [answer.result() for answer in asker.ask(questions)]


NUMBERS = Question("SELECT number FROM told ORDER BY number", (), {"number": COUNT})


@pytest.fixture
def desk(tmp_path):
    """A file of SQLite as Django knows it, and a connection that writes to it."""
    name = str(tmp_path / "desk of ours.sqlite3")
    writer = sqlite3.connect(name, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE told (number, name, at, fits)")
    writer.execute("INSERT INTO told VALUES (1, 'Ann', '2026-03-02 09:00:00.5', 1)")
    known = {"ENGINE": "django.db.backends.sqlite3", "NAME": name}
    yield ConnectionHandler({"default": known})["default"], writer
    writer.close()


@pytest.fixture
def asker(desk):
    found = own_asker(desk[0])
    yield found
    found.close()


def test_reading_a_file_leaves_the_locks_of_the_process_alone(desk, asker):
    """A second library in one process would end them, and two writers damage a file of SQLite."""
    known, writer = desk
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO told (number) VALUES (2)")
    assert told(asker, NUMBERS)[0]["number"].to_pylist() == [1]
    asker.close()
    asked = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WRITES, known.settings_dict["NAME"]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "database is locked\n"
    writer.execute("COMMIT")


def test_a_file_is_told_of_as_it_was_at_the_first_question(desk, asker):
    _known, writer = desk
    before = told(asker, NUMBERS, NUMBERS)
    writer.execute("INSERT INTO told (number) VALUES (2)")
    after = told(asker, NUMBERS)
    assert [found["number"].to_pylist() for found in (*before, *after)] == [[1], [1], [1]]


def test_a_file_gives_the_columns_that_django_gives(desk, asker):
    known, writer = desk
    writer.executemany(
        "INSERT INTO told VALUES (?, ?, ?, ?)",
        [(2, None, None, 0), (3, "Zoë, 李", "2026-03-29 01:30:00", 1)],
    )
    types = {"number": COUNT, "name": CHOICE, "at": INSTANT, "fits": FLAG}
    columns = "SELECT number, name, at, fits FROM told WHERE number < %s ORDER BY number"
    for limit in (9, 3, 2, 0):
        question = Question(columns, (limit,), types)
        [found] = told(asker, question)
        [expected] = told(OfTransaction(known), question)
        assert found.to_pylist() == expected.to_pylist()
        assert found.schema == expected.schema
    known.close()


def test_a_question_that_a_file_cannot_answer_says_why(asker):
    with pytest.raises(OperationalError, match="no such table: absent"):
        told(asker, Question("SELECT number FROM absent", (), {"number": COUNT}))


@pytest.mark.django_db(transaction=True)
def test_questions_put_together_are_answered_as_of_the_first_one():
    """Each by a connection of its own, where the server lets several look at one moment."""
    if connection.vendor != "postgresql":
        # A database in memory is one connection.
        asker = OfTransaction(connection)
        one = Question("SELECT 1 AS number", (), {"number": COUNT})
        assert [found["number"].to_pylist() for found in told(asker, one, one)] == [[1], [1]]
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE told (number bigint)")
        cursor.execute("INSERT INTO told VALUES (1)")
    asker = own_asker(connection)
    try:
        found = told(asker, NUMBERS)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO told VALUES (2)")
        found += told(asker, NUMBERS, NUMBERS)
        assert [one["number"].to_pylist() for one in found] == [[1], [1], [1]]
        with pytest.raises(OperationalError, match="absent") as refusal:
            told(asker, Question("SELECT number FROM absent", (), {"number": COUNT}))
        # Statements may name thousands of tickets.
        assert "SELECT" not in str(refusal.value)
    finally:
        asker.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE told")
