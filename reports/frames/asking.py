"""Questions to the database, by the fastest way it offers that is safe.

Outside a transaction that is a connection beside Django's, of the Arrow drivers (ADBC), which make
columns without making Python objects. Inside a transaction only Django's connection sees what was
written, so that is asked.

SQLite is asked by a process of its own. A second SQLite in this one would end the locks of the
first: when one of two closes a file the system drops the locks of both, so that writers damage the
database (sqlite.org/howtocorrupt.html, 2.2).
"""

import json
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import pyarrow as pa
from django.db.utils import OperationalError

from .arrow import table_of

# As many rows are Python objects at a time.
BATCH = 50_000
# PostgreSQL takes a look-up in an index for four times the work of reading on, as on a turning
# disk, and would go through all events for those of the last weeks; it would translate each
# statement into machine code, which takes longer than it saves; and it would sort on the disk.
FOR_MANY_ROWS = {"random_page_cost": "1.1", "jit": "off", "work_mem": "64MB"}


@dataclass(frozen=True)
class Question:
    """A statement, what is bound to it, and the types of the columns it gives."""

    statement: str
    parameters: tuple[Any, ...]
    types: Mapping[str, str]


class Asker(Protocol):
    """Who puts questions to the database. All that one asker is told is of one moment, but for what
    its own transaction writes. Raises OperationalError for what cannot be answered."""

    def ask(self, questions: Sequence[Question]) -> list[Future[pa.Table]]:
        """Begin to answer, one after the other or at once; whoever asks may go on meanwhile."""
        ...

    def close(self) -> None: ...


class OfTransaction:
    """Asks by Django's connection, which sees what its transaction wrote."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, questions: Sequence[Question]) -> list[Future[pa.Table]]:
        found: list[Future[pa.Table]] = [Future() for _question in questions]
        for answer, question in zip(found, questions, strict=True):
            answer.set_result(self._answer(question))
        return found

    def _answer(self, question: Question) -> pa.Table:
        with self._connection.cursor() as cursor:
            cursor.execute(question.statement, question.parameters)
            # What Django does to turn values into Python's would take longer than the query.
            first = cursor.fetchmany(BATCH)
            batches = chain([first], iter(lambda: cursor.fetchmany(BATCH), []))
            empty: list[list[Any]] = [[] for _column in question.types]
            return pa.concat_tables(
                table_of(list(zip(*rows, strict=True)) if rows else empty, question.types)
                for rows in batches
            )

    def close(self) -> None:
        pass


class OfItsOwn(ABC):
    """Asks beside Django, up to `width` questions at a time."""

    def __init__(self, width: int) -> None:
        self._crew = ThreadPoolExecutor(width)

    @abstractmethod
    def ask(self, questions: Sequence[Question]) -> list[Future[pa.Table]]: ...

    def close(self) -> None:
        """What nobody waits for any more is not asked."""
        self._crew.shutdown(cancel_futures=True)


class OfPostgresql(OfItsOwn):
    """Asks by connections of its own, which see the same."""

    WIDTH = 2

    def __init__(self, connection: Any) -> None:
        # Slow import: the driver is loaded where its database is used.
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415

        super().__init__(self.WIDTH)
        given = connection.get_connection_params()
        names = ("dbname", "user", "password", "host", "port", "options", "sslmode")
        self._address = make_conninfo(**{name: given[name] for name in names if given.get(name)})
        self._written = connection.ops.compose_sql
        # The moment that all of them see.
        self._snapshot = ""
        self._lines: list[Any] = []
        self._free: SimpleQueue[Any] = SimpleQueue()

    def ask(self, questions: Sequence[Question]) -> list[Future[pa.Table]]:
        while self._free.qsize() < len(questions) and len(self._lines) < self.WIDTH:
            self._lines.append(self._line())
            self._free.put(self._lines[-1])
        return [
            self._crew.submit(self._answer, self._written(one.statement, one.parameters), one.types)
            for one in questions
        ]

    def _line(self) -> Any:
        from adbc_driver_manager import AdbcConnection  # noqa: PLC0415 - as above

        line = AdbcConnection(_database(self._address))
        line.set_autocommit(False)
        _told(line, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if self._snapshot:
            _told(line, f"SET TRANSACTION SNAPSHOT '{self._snapshot}'")
        else:
            [self._snapshot] = _told(line, "SELECT pg_export_snapshot()")[0].to_pylist()
        for name, value in FOR_MANY_ROWS.items():
            _told(line, f"SET LOCAL {name} = '{value}'")
        return line

    def _answer(self, statement: str, types: Mapping[str, str]) -> pa.Table:
        from adbc_driver_manager import Error  # noqa: PLC0415 - as above

        line = self._free.get()
        try:
            return table_of(_told(line, statement).columns, types)
        except Error as error:
            # Without the statement behind it, which may name many thousand tickets.
            raise OperationalError(str(error).partition("\n")[0]) from None
        finally:
            self._free.put(line)

    def close(self) -> None:
        super().close()
        for line in self._lines:
            line.close()


@cache
def _database(address: str) -> Any:
    """What the driver knows of a database, its types above all, which it asks for once. It holds
    no connection."""
    from adbc_driver_postgresql import connect  # noqa: PLC0415 - as above

    return connect(address)


def _told(line: Any, statement: str) -> pa.Table:
    from adbc_driver_manager import AdbcStatement  # noqa: PLC0415 - as above

    with AdbcStatement(line) as asking:
        asking.set_sql_query(statement)
        rows, _count = asking.execute_query()
        return pa.RecordBatchReader.from_stream(rows).read_all()


class OfSqlite(OfItsOwn):
    """Asks by a process that reads the file and sends columns."""

    def __init__(self, connection: Any) -> None:
        super().__init__(1)
        reader = Path(__file__).with_name("sqlite_process.py")
        self._process: Any = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", str(reader), str(connection.settings_dict["NAME"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ask(self, questions: Sequence[Question]) -> list[Future[pa.Table]]:
        return [self._crew.submit(self._answer, question) for question in questions]

    def _answer(self, question: Question) -> pa.Table:
        places = question.statement % (("?",) * len(question.parameters))
        line = json.dumps({"statement": places, "parameters": question.parameters})
        try:
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()
            found = pa.ipc.open_stream(self._process.stdout).read_all()
        except (pa.ArrowInvalid, OSError) as error:
            self._process.kill()
            said = self._process.stderr.read().decode(errors="replace").strip()
            raise OperationalError(said or str(error)) from error
        return table_of(found.columns, question.types)

    def close(self) -> None:
        super().close()
        with self._process as process:
            process.kill()


def own_asker(connection: Any) -> Asker:
    """Who asks beside this connection of Django's."""
    return OfSqlite(connection) if connection.vendor == "sqlite" else OfPostgresql(connection)
