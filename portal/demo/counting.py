"""How many statements something takes, for measuring."""

import re
import time

# The columns of a statement say little about why it is slow.
SELECTED = re.compile(r"^SELECT (DISTINCT )?.*? FROM", re.DOTALL)


class Counter:
    """Counts SQL statements while it is an execute wrapper, and remembers the slowest one."""

    def __init__(self):
        self.count = 0
        self.longest = 0.0  # milliseconds
        self.slowest = ""

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent = (time.perf_counter() - started) * 1000
            if spent > self.longest:
                self.longest, self.slowest = spent, SELECTED.sub("SELECT … FROM", sql)
