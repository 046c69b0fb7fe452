"""A program of its own that reads a file of SQLite: a question a line on standard input, as JSON;
columns as an Arrow stream on standard output, until there are no more questions.

`reports.frames.asking` says why it is not done in the process that asks.
"""

import json
import sys
from typing import BinaryIO
from urllib.parse import quote

import pyarrow as pa

# This process writes nothing, and has no other SQLite.
from adbc_driver_sqlite import dbapi  # noqa: TID251

# The types of columns are those of the first batch; so all rows are one.
ALL_ROWS = 1 << 30
# Milliseconds for which it waits for whoever is writing.
PATIENCE = 20_000


def serve(name: str, questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer questions about the database file `name`, all of them as it is at the first one."""
    connection = dbapi.connect(f"file:{quote(name)}?mode=ro")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    for line in questions:
        asked = json.loads(line)
        with connection.cursor() as cursor:
            cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(ALL_ROWS)})
            cursor.execute(asked["statement"], asked["parameters"] or None)
            found = cursor.fetch_arrow_table()
        with pa.ipc.new_stream(answers, found.schema) as stream:
            stream.write_table(found)
        answers.flush()


if __name__ == "__main__":
    try:
        serve(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
    except dbapi.Error as error:
        # What is wrong; the lines behind it say the statement once more.
        sys.exit(str(error).partition("\n")[0])
