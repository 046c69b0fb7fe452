"""The migrated database that every test process copies, so that migrations run only once.

It is kept under the digest of all migrations: as a file on SQLite, as a template database on
PostgreSQL. Whoever comes first makes it while the others wait; `python -m tests.databases` comes
before all of them.
"""

import contextlib
import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(tempfile.gettempdir()) / f"balie-migrated-{os.getuid()}"
# Names of PostgreSQL hold 63 letters; this much of a digest is unique enough for one machine.
DIGITS = 16
Run = Callable[..., list[tuple[str, ...]]]


def migrated_copy() -> Iterator[None]:
    """Put a migrated database where this process will look for its own; take it away in the end."""
    copy = _copy_on_postgresql if connection.vendor == "postgresql" else _copy_on_sqlite
    yield from copy()


def _digest() -> str:
    """Of all migrations and of the framework that runs them."""
    digest = hashlib.sha256(version("django").encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:DIGITS]


@contextlib.contextmanager
def _alone(name: str) -> Iterator[None]:
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    """In a process of its own: this one has not said yet which database it will use."""
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--settings", "portal.settings.test", "-v", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


@contextlib.contextmanager
def _server() -> Iterator[Run]:
    """A function that runs a statement on the server, outside any test database."""
    with connection._nodb_cursor() as cursor:

        def run(statement: str, *values: str) -> list[tuple[str, ...]]:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []

        yield run


def _beside(name: str) -> str:
    """The address of database `name` on the server of DATABASE_URL."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def migrated_file() -> Path:
    """A migrated database of SQLite, for tests that need a file of their own: copy it."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    digest = _digest()
    source = KEPT / f"{digest}.sqlite3"
    with _alone(digest):
        if not source.exists():
            half_made = source.with_suffix(".new")
            half_made.unlink(missing_ok=True)
            _migrate(f"sqlite:///{half_made}")
            half_made.rename(source)
    return source


def _copy_on_sqlite() -> Iterator[None]:
    source = migrated_file()
    name = connection.creation._get_test_db_name()
    if not name.startswith("file:"):
        Path(name).unlink(missing_ok=True)
    # A database in memory lives as long as someone holds it; Django opens its own later.
    with (
        contextlib.closing(sqlite3.connect(name, uri=name.startswith("file:"))) as target,
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as migrated,
    ):
        migrated.backup(target)
        yield
    if not name.startswith("file:"):
        Path(name).unlink(missing_ok=True)


def migrated_template() -> str:
    """The name of a migrated database of PostgreSQL, to be copied."""
    KEPT.mkdir(mode=0o700, exist_ok=True)
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    template, prefix = f"balie_{checkout}_{_digest()}", f"balie\\_{checkout}\\_%"
    with _alone(template), _server() as run:
        if not run("SELECT 1 FROM pg_database WHERE datname = %s", template):
            # Of earlier migrations of this checkout.
            for (old,) in run("SELECT datname FROM pg_database WHERE datname LIKE %s", prefix):
                run(f'DROP DATABASE "{old}"')
            run(f'DROP DATABASE IF EXISTS "{template}_new"')
            run(f'CREATE DATABASE "{template}_new"')
            _migrate(_beside(template + "_new"))
            run(f'ALTER DATABASE "{template}_new" RENAME TO "{template}"')
    return template


def _copy_on_postgresql() -> Iterator[None]:
    template = migrated_template()
    name = connection.creation._get_test_db_name()
    # A database that is being copied lets nobody else in.
    with _alone(template), _server() as run:
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    with _emptied_by_rows():
        yield
    connection.close()
    with _server() as run:
        run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _emptied_by_rows() -> Iterator[None]:
    """Take the few rows of a test out of the tables. Django truncates them, for which the server
    makes hundreds of files anew: seconds after each test that commits.
    """
    operations = type(connection.ops)
    truncate = operations.sql_flush

    def sql_flush(
        self: Any,
        style: Any,
        tables: Sequence[str],
        *,
        reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:
        if reset_sequences or not tables:
            return truncate(
                self, style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
            )
        names = [self.quote_name(table) for table in tables]
        # As truncating does, wait for whoever writes still. Foreign keys are looked at in the end.
        return [
            f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE",
            ";".join(f"DELETE FROM {name}" for name in names),  # noqa: S608 - our own tables
        ]

    operations.sql_flush = sql_flush
    try:
        yield
    finally:
        operations.sql_flush = truncate


if __name__ == "__main__":
    django.setup()
    if connection.vendor == "postgresql":
        migrated_template()
    else:
        migrated_file()
