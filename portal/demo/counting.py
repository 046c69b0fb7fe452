"""How much time and how many statements something takes, for measuring."""

import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

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


@dataclass
class Taken:
    """What several runs of the same took; times in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def run(self, what: Callable[[], Any]) -> Any:
        """Run `what`, write down what it took, and return what it gave."""
        counter = Counter()
        wall, cpu = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(counter):
            given = what()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)
        self.statements.append(counter.count)
        return given

    def text(self, goal: float) -> str:
        """In a line, beside the goal for 95 of 100 runs in milliseconds.

        Processor time is held against it: others may be busy on the same machine.
        """
        p95 = statistics.quantiles(self.cpu, n=20, method="inclusive")[-1]
        return (
            f"CPU median {statistics.median(self.cpu):.0f} ms, p95 {p95:.0f} ms "
            f"(goal {goal:.0f} ms: {'met' if p95 < goal else 'MISSED'}), "
            f"wall median {statistics.median(self.wall):.0f} ms, {max(self.statements)} statements"
        )
