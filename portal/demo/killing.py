"""Processes that are killed in the middle of their work, to see that nothing is lost."""

import contextlib
import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection, connections


class _Killer:
    """Ends this process without a word when it is about to send its statement number `after`."""

    def __init__(self, after: int):
        self.left = after

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
        return execute(sql, params, many, context)


class Child:
    """A process of its own that does `work` on connections of its own.

    It is a copy of this one, so that what is loaded once need not be loaded again. With
    `statements` it kills itself before the statement of that number.
    """

    def __init__(self, work: Callable[[], Any], *, statements: int | None = None):
        # A copy of an open connection would end that of its parent.
        connections.close_all()
        self.pid = os.fork()
        if self.pid:
            return
        code = 1
        try:
            killer = _Killer(statements) if statements is not None else None
            with connection.execute_wrapper(killer) if killer else contextlib.nullcontext():
                work()
            connections.close_all()
            code = 0
        finally:
            # Neither the tests nor the caller go on in two processes.
            os._exit(code)

    def wait(self) -> bool:
        """True when it came to its end, False when it was killed; raises when it broke."""
        _pid, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            return False
        if os.WEXITSTATUS(status):
            raise RuntimeError("The process ended with an error.")
        return True

    def kill(self) -> None:
        """What a power cut does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
