"""The fact files month by month, on this machine or on several.

A function is given the frames of one month of tickets and returns rows; the rows of all months one
below the other are the answer, which statistics are then made of. Months are taken in order, so the
answer is the same wherever the work is done.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    # Machines of a cluster load this before Django is ready.
    from .selection import Selection
    from .source import Frames

PerMonth = Callable[["Frames"], pd.DataFrame]
CONNECT_SECONDS = 10


def rows_of_months(
    function: PerMonth,
    months: Iterable[str],
    *,
    selection: Selection,
    now: datetime,
    scheduler: str = "",
) -> pd.DataFrame:
    """What `function` makes of each month; on the Dask cluster at the address `scheduler`, if any.
    No figure of ours asks for it; it is for own programs that go through all rows.

    Its machines have the code, the settings and the folder of fact files. Raises OSError when there
    is nobody at the address.
    """
    jobs = [pickle.dumps((function, month, selection, now)) for month in months]
    if not scheduler:
        return together(run(job) for job in jobs)
    # Slow import of what only the extra `cluster` installs.
    from distributed import Client  # noqa: PLC0415

    with Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False) as client:
        return together(client.gather(client.map(run, jobs, pure=False)))


def run(job: bytes) -> pd.DataFrame:
    """One month, in whatever process."""
    # Slow import, and not possible before Django is ready: a machine of a cluster begins here.
    import django  # noqa: PLC0415
    from django.apps import apps  # noqa: PLC0415

    if not apps.ready:
        django.setup()
    from .facts import StoredReader, known_manifest  # noqa: PLC0415
    from .source import Frames  # noqa: PLC0415

    function, month, selection, now = pickle.loads(job)  # noqa: S301 - made by ourselves above
    return function(Frames(selection, now=now, reader=StoredReader(known_manifest(), [month])))


def together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all parts; text of few values stays so."""
    found = list(parts)
    if not found:
        return pd.DataFrame()
    for column in found[0].columns[found[0].dtypes == "category"]:
        texts = sorted({text for part in found for text in part[column].cat.categories})
        found = [part.assign(**{column: part[column].cat.set_categories(texts)}) for part in found]
    return pd.concat(found, ignore_index=True)
