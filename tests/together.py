"""Several people and workers at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from itil.tickets.errors import Refused

PATIENCE = 20  # seconds


def at_once(*runs: Callable[[], Any]) -> list[Any]:
    """Calls all of `runs` at the same moment; what each returned, or its refusal."""
    gate = threading.Barrier(len(runs), timeout=PATIENCE)

    def start(run: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return run()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as pool:
        return list(pool.map(start, runs))
