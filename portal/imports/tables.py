"""Tables as files: comma separated, plain or packed, with a heading that says what they are."""

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")


class NotThisTable(Exception):  # noqa: N818 - says what is wrong with the file
    """The file cannot be read as the table that is meant; the message is for a person."""


class Damaged(Exception):  # noqa: N818 - says what is wrong with the row
    """One row cannot be used; the message says why."""


# Reason -> numbers of the lines that were left out (the heading is line 1).
Damage = dict[str, list[int]]


def no_damage() -> Damage:
    """An empty account of damaged rows."""
    return defaultdict(list)


@dataclass(frozen=True)
class Columns:
    """What a table is called and which columns it has, by the names in its heading."""

    table: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def places(self, heading: list[str], path: Path) -> dict[str, int]:
        """Where each column stands. NotThisTable when a required one is missing."""
        found = {name.strip(): place for place, name in enumerate(heading)}
        missing = [name for name in self.required if name not in found]
        if missing:
            raise NotThisTable(
                f"{path} is not {self.table}: it has no column {', '.join(missing)}."
                f" {self.expectation}"
            )
        return found

    @property
    def expectation(self) -> str:
        return (
            "Expected is a comma separated file with a heading line and at least the columns"
            f" {', '.join(self.required)}; used when present: {', '.join(self.optional)}."
        )


# Wraps the iterator over the lines, to show how far it is.
Progress = Callable[[Iterator[list[str]]], Iterator[list[str]]]


@contextmanager
def open_table(path: Path, columns: Columns) -> Iterator[tuple[Any, Mapping[str, int], int]]:
    """The CSV reader of the file after its heading, the places of its columns, and how many values
    a line has. Whatever shows later that it is another file raises NotThisTable as well.
    """
    try:
        with _open(path) as stream:
            reader = csv.reader(stream)
            heading = next(reader, [])
            yield reader, columns.places(heading, path), len(heading)
    except FileNotFoundError:
        raise NotThisTable(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise NotThisTable(f"{path} is a folder, not a file.") from None
    except PermissionError:
        raise NotThisTable(f"{path} may not be read.") from None
    except UnicodeDecodeError:
        raise NotThisTable(f"{path} is not a text file in UTF-8. {columns.expectation}") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise NotThisTable(f"{path} is not a whole gzip file: it is damaged or cut off.") from None
    except csv.Error as error:
        raise NotThisTable(
            f"{path} is not comma separated ({error}). {columns.expectation}"
        ) from None


def _open(path: Path):
    """A text stream of the file, unpacked when it begins like a gzip file, whatever its name."""
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    if packed or path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`, the last one with what is left."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
