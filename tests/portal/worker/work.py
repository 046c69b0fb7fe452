"""Tasks of our own for the tests: each leaves a line in a file, so that runs can be counted."""

import time
from pathlib import Path

from django_tasks import task


def _note(path: str, word: str) -> None:
    with Path(path).open("a") as file:
        file.write(word + "\n")


@task()
def mark(path: str, word: str):
    """Write one word."""
    _note(path, word)


@task()
def slow(path: str, seconds: float):
    """Write when it starts and when it is done."""
    _note(path, "start")
    time.sleep(seconds)
    _note(path, "done")


@task()
def fail_until(path: str, attempts: int):
    """Raise until it has been tried so often."""
    _note(path, "try")
    if Path(path).read_text().count("try") < attempts:
        raise ValueError("not yet")


@task()
def tick():
    """Do nothing."""
