"""Rows of tickets made in parts, each of some months: by the machines of a cluster at once.

A function is given the frames of all that belongs to the tickets of some months and returns rows;
the rows of all parts one below the other are the answer, of which statistics are then made. Parts
are put in order, so the answer is the same wherever the work is done.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

if TYPE_CHECKING:
    # Machines of a cluster load this before Django is ready.
    from distributed import Client

    from .facts import Manifest
    from .selection import Selection
    from .source import Frames
    from .tables import Table

RowsOf = Callable[["Frames"], pd.DataFrame]
logger = logging.getLogger(__name__)
CONNECT_SECONDS = 5
SILENT_SECONDS = 60
# So many parts for each processor of the cluster: who has the quiet months gets more of them.
PARTS_EACH = 2


class BeyondTicketsError(Exception):
    """A function reads what does not belong to the tickets of some months."""


@dataclass(frozen=True)
class Part:
    """Some months of the fact files, as one manifest names them, without tickets that changed
    since."""

    manifest: Manifest
    without: frozenset[int]


class PartReader:
    """Reads a part of the fact files, and nothing beside them."""

    def __init__(self, part: Part) -> None:
        from .facts import StoredReader  # noqa: PLC0415 - Django has to be ready

        self._stored = StoredReader(part.manifest, without=part.without)

    def read(self, table: Table, columns: Sequence[str], selection: Selection) -> pd.DataFrame:
        if not table.is_stored:
            raise BeyondTicketsError(table.name)
        return self._stored.read(table, columns, selection)

    def is_steady(self, _table: Table) -> bool:
        return True

    def work_ahead(self, _wanted: Mapping[str, Sequence[str]], _selection: Selection) -> None:
        """One function is asked of a part, so what it reads is asked at once."""

    def parts(self, _count: int) -> list[Part]:
        return []


class Cluster:
    """The Dask cluster at an address. Its machines have our code and settings, the database and the
    folder of fact files. Raises OSError when there is nobody, at once when there was nobody a
    moment ago: a dashboard asks for many figures."""

    _known: ClassVar[dict[str, Client]] = {}
    # Of those who did not answer, until when they are not asked again.
    _silent_until: ClassVar[dict[str, float]] = {}

    def __init__(self, address: str) -> None:
        # Slow import of what only the extra `cluster` installs.
        from distributed import Client  # noqa: PLC0415

        client = self._known.get(address)
        if client is None or client.status != "running":
            if monotonic() < self._silent_until.get(address, 0):
                raise OSError(f"Nobody answered at {address} a moment ago.")
            try:
                client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
            except OSError:
                logger.exception("No cluster at DASK_SCHEDULER; figures are made here.")
                self._silent_until[address] = monotonic() + SILENT_SECONDS
                raise
            self._known[address] = client
        self._client = client

    @property
    def width(self) -> int:
        """As many parts are worth making."""
        return PARTS_EACH * max(1, sum(self._client.nthreads().values()))

    def rows(
        self, function: RowsOf, parts: Iterable[Part], selection: Selection, now: datetime
    ) -> list[pd.DataFrame]:
        """What `function` makes of each part. Raises BeyondTicketsError."""
        jobs = [pickle.dumps((function, part, selection, now)) for part in parts]
        found: Any = self._client.gather(self._client.map(run, jobs, pure=False))
        return list(found)


def run(job: bytes) -> pd.DataFrame:
    """One part, in whatever process."""
    # Slow import, and not possible before Django is ready: a machine of a cluster begins here.
    import django  # noqa: PLC0415
    from django.apps import apps  # noqa: PLC0415
    from django.db import close_old_connections  # noqa: PLC0415

    if not apps.ready:
        django.setup()
    from .source import Frames  # noqa: PLC0415

    function, part, selection, now = pickle.loads(job)  # noqa: S301 - made by ourselves above
    try:
        return function(Frames(selection, now=now, reader=PartReader(part)))
    finally:
        close_old_connections()


def in_groups(months: Sequence[str], count: int) -> list[list[str]]:
    """The months in at most `count` groups, in their order."""
    size = -(-len(months) // max(1, count))
    return [list(months[first : first + size]) for first in range(0, len(months), size or 1)]


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all parts; text of few values stays so."""
    found = list(parts)
    if not found:
        return pd.DataFrame()
    # Of parts without rows the types say nothing; one of them stands for all when there is no row.
    found = [part for part in found if len(part)] or found[:1]
    for column in found[0].columns[found[0].dtypes == "category"]:
        if all(part[column].dtype == found[0][column].dtype for part in found):
            continue
        texts = sorted({text for part in found for text in part[column].cat.categories})
        found = [part.assign(**{column: part[column].cat.set_categories(texts)}) for part in found]
    return pd.concat(found, ignore_index=True)
