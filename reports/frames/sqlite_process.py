"""A program of its own that reads a file of SQLite: a question a line on standard input, as JSON;
columns as an Arrow stream on standard output, until there are no more questions.

`reports.frames.asking` says why it is not done in the process that asks. It is started for each
reading, so it loads little: the driver's `dbapi` would bring pandas.
"""

import json
import sys
from typing import BinaryIO
from urllib.parse import quote

import adbc_driver_manager as adbc

# This process writes nothing, and has no other SQLite.
import adbc_driver_sqlite as sqlite  # noqa: TID251
import pyarrow as pa

# The types of columns are those of the first batch; so all rows are one.
ALL_ROWS = {"adbc.sqlite.query.batch_rows": str(1 << 30)}
# Milliseconds for which it waits for whoever is writing.
PATIENCE = 20_000


def serve(name: str, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions about the database file `name`, all of them as it is at the first one."""
    database = sqlite.connect(f"file:{quote(name)}?mode=ro")
    connection = adbc.AdbcConnection(database)
    answer(connection, f"PRAGMA busy_timeout = {PATIENCE}", []).read_all()
    connection.set_autocommit(False)
    for line in questions:
        asked = json.loads(line)
        found = answer(connection, asked["statement"], asked["parameters"])
        with pa.ipc.new_stream(answers, found.schema) as stream:
            for batch in found:
                stream.write_batch(batch)
        answers.flush()


def answer(connection: adbc.AdbcConnection, statement: str, bound: list) -> pa.RecordBatchReader:
    """The rows of one question."""
    asking = adbc.AdbcStatement(connection)
    asking.set_options(**ALL_ROWS)
    asking.set_sql_query(statement)
    if bound:
        names = [str(place) for place in range(len(bound))]
        asking.bind(pa.record_batch([[value] for value in bound], names=names))
    rows, _count = asking.execute_query()
    return pa.RecordBatchReader.from_stream(rows)


if __name__ == "__main__":
    try:
        serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
    except adbc.Error as error:
        # What is wrong; the lines behind it say the statement once more.
        sys.exit(str(error).partition("\n")[0])
