"""Building the fact files: all of them, or the months in which something changed."""

import contextlib
import fcntl
import os
import shutil
import time
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Count, Max, Min
from django.db.models.functions import TruncMonth

from itil.tickets.models import Ticket
from reports.frames.changes import LOGS, MANY
from reports.frames.facts import (
    EARLY,
    LATE,
    LOTS,
    MANIFEST,
    TOGETHER,
    Manifest,
    Month,
    arrow_schema,
    as_text,
    bounds_of,
    file_of,
    folder,
    late_file,
    read_manifest,
    schema_digest,
)
from reports.frames.live import LiveReader
from reports.frames.selection import Selection
from reports.frames.tables import TABLES, Table, stored_tables

# A transaction may commit so long after one that began later: its events are looked for again.
PATIENCE = timedelta(minutes=15)
# Files that no manifest names any more may still be read for so long.
KEPT_UNNAMED = timedelta(minutes=15)
# A ticket that was over so long after its month belongs to the early lot.
SOON = timedelta(days=31)


class BusyError(Exception):
    """Another process builds the fact files at this moment."""


@dataclass(frozen=True)
class Built:
    """What a run did: the months it built, and the rows in them."""

    months: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Difference:
    """A frame of a month that is not what the database holds."""

    month: str
    frame: str
    stored: int
    found: int


def build_facts(
    *, now: datetime, everything: bool = False, months: Collection[str] = (), wait: bool = False
) -> Built:
    """Bring the fact files up to date: the months in which something changed since the last run.

    All months with `everything`, in a first run or after one that was killed, and where the logs
    are not those that were read before. `months`, as `2026-03`, are built in any case. `now` is the
    instant that the files are said to be built at.

    Each month counts as soon as it is written, but what changed is taken as read at the end only:
    after a run that is killed no file is half written, and the next run builds the same months
    again. Raises BusyError while another process builds; with `wait` it waits for that instead.
    """
    with _alone(wait=wait):
        manifest = read_manifest()
        if manifest and _is_of_another_past(manifest):
            manifest = replace(manifest, marks={})
        # Before anything is read: what happens from here on is for the next run.
        marks, changed = _changes(manifest, now)
        # Without marks a first run was killed before it came to its end.
        is_first = manifest is None or not manifest.marks
        due = changed | set(months)
        if everything or is_first:
            # Months of which nothing is left are written once more, without rows.
            due = _months_of_desk() | (set(manifest.months) if manifest else set())
        if manifest is None:
            # Of another version, whose processes may still read them.
            _give_up(*_generations())
            manifest = Manifest(schema_digest(), now.isoformat(), {}, {})
        rows = 0
        for label in sorted(due):
            month = _build(label, now)
            rows += sum(month.rows.values())
            if label in manifest.months:
                _give_up(folder() / label / manifest.months[label].generation)
            manifest = replace(manifest, months={**manifest.months, label: month})
            _write(manifest)
        late = manifest.late_generation
        manifest = replace(_with_late(manifest), built_at=now.isoformat(), marks=marks)
        if late and late != manifest.late_generation:
            _give_up(folder() / TOGETHER / late)
        _write(manifest)
        _tidy(manifest)
        return Built(tuple(sorted(due)), rows)


def verify_facts() -> Iterator[Difference]:
    """The frames of every month that differ from the database. Raises LookupError without files."""
    manifest = read_manifest()
    if manifest is None:
        raise LookupError("There are no fact files.")
    for label in sorted(_months_of_desk() | set(manifest.months)):
        month = manifest.months.get(label)
        reader = LiveReader()
        for name, table in stored_tables().items():
            found = reader.arrow(table, list(table.columns), _selection(label))
            stored = None if month is None else _stored(label, month, table)
            if stored is None or not stored.equals(_plain(found)):
                yield Difference(label, name, 0 if stored is None else len(stored), len(found))


def _stored(label: str, month: Month, table: Table) -> pa.Table:
    """A frame of a month with its lots together again, in the order of the database."""
    lots = [_lot(label, month, table, lot) for lot in LOTS]
    whole = pa.concat_tables([_plain(lot) for lot in lots])
    return whole.take(np.argsort(whole[table.sorted_by].to_numpy(), kind="stable"))


def _lot(label: str, month: Month, table: Table, lot: str) -> pa.Table:
    """A lot as the database gives it: each file says for itself where nothing is missing."""
    return pq.read_table(file_of(label, month, table.name, lot)).cast(arrow_schema(table))


def _plain(table: pa.Table) -> pa.Table:
    """With texts in the place of their numbers in a dictionary."""
    texts = [
        column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(texts, names=table.column_names)


# --- What is due ---------------------------------------------------------------------------------


def _months_of_desk() -> set[str]:
    """Every month in which tickets were received."""
    bounds = Ticket.objects.aggregate(first=Min("received_at"), last=Max("received_at"))
    if bounds["first"] is None:
        return set()
    found, at = set(), bounds["first"].astimezone(UTC)
    while at <= bounds["last"]:
        found.add(f"{at:%Y-%m}")
        at = bounds_of(f"{at:%Y-%m}")[1]
    return found


def _is_of_another_past(manifest: Manifest) -> bool:
    """A log ends before its mark, or its newest entry is gone or another one by now: the database
    was restored, or is another one. Nothing that a log holds is ever edited."""
    for name, mark in manifest.marks.items():
        # Former versions did not write it.
        newest = mark.get("newest")
        if newest != _newest(LOGS[name][0].objects.filter(pk__lte=newest[0] if newest else 0)):
            return True
    return False


def _newest(rows: Any) -> list[Any] | None:
    """The last key of a log and when that happened; None of an empty one."""
    found = rows.order_by("-pk").values_list("pk", "at").first()
    return None if found is None else [found[0], found[1].astimezone(UTC).isoformat()]


def _changes(manifest: Manifest | None, now: datetime) -> tuple[dict[str, Any], set[str]]:
    """How far the logs go by now, and the months of the tickets that they tell of since.

    Keys rise in the order in which rows are written, not in which they are committed; so each run
    looks again at what came after a mark that is old enough.
    """
    marks: dict[str, Any] = {}
    changed: set[str] = set()
    for name, (model, ticket) in LOGS.items():
        newest = _newest(model.objects.all())
        last = newest[0] if newest else 0
        if manifest is None or name not in manifest.marks:
            low = max(0, last - MANY)
            marks[name] = {"low": low, "seen": _above(model, low), "runs": [], "newest": newest}
            continue
        before = manifest.marks[name]
        keys, seen = _above(model, before["low"]), set(before["seen"])
        # So many at once are not looked at again one by one; it would be an import.
        new = [key for key in keys if key not in seen]
        if len(new) > MANY:
            changed |= _months(model.objects.filter(pk__gt=before["low"]), ticket, manifest)
        elif new:
            changed |= _months(model.objects.filter(pk__in=new), ticket, manifest)
        runs = [*before["runs"], [now.isoformat(), last]]
        old = [mark for at, mark in runs if datetime.fromisoformat(at) <= now - PATIENCE]
        low = max([before["low"], last - 2 * MANY, *old])
        marks[name] = {
            "low": low,
            "seen": [key for key in keys if key > low],
            "runs": [run for run in runs if run[1] > low],
            "newest": newest,
        }
    return marks, changed


def _above(model: Any, low: int) -> list[int]:
    return list(model.objects.filter(pk__gt=low).order_by("pk").values_list("pk", flat=True))


def _months(rows: Any, ticket: str, manifest: Manifest) -> set[str]:
    """The months in which the tickets of these rows were received; an entry of time that was
    removed no longer names its ticket, so then the counts tell."""
    received = rows.order_by().values_list(
        TruncMonth(f"{ticket}__received_at", tzinfo=UTC), flat=True
    )
    found = set(received.distinct())
    months = {f"{at:%Y-%m}" for at in found if at is not None}
    return months | (_months_with_other_counts(manifest) if None in found else set())


def _months_with_other_counts(manifest: Manifest) -> set[str]:
    """Months of which the files hold another number of entries than the database."""
    table = stored_tables()["time"]
    counts = (
        table.rows(Selection())
        .order_by()
        .values_list(TruncMonth("ticket__received_at", tzinfo=UTC))
        .annotate(number=Count("pk"))
    )
    there = {f"{at:%Y-%m}": number for at, number in counts}
    kept = {label: month.rows["time"] for label, month in manifest.months.items()}
    return {label for label in {*there, *kept} if there.get(label, 0) != kept.get(label, 0)}


# --- Writing -------------------------------------------------------------------------------------


def _selection(label: str) -> Selection:
    start, end = bounds_of(label)
    return Selection(received_from=start, before=end)


def _build(label: str, now: datetime) -> Month:
    """Write the files of a month beside the ones that count, all from one reading."""
    reader, selection = LiveReader(), _selection(label)
    generation = uuid.uuid4().hex[:12]
    month = Month(generation, {}, "", now.isoformat())
    (folder() / label / generation).mkdir(parents=True)
    tickets = reader.arrow(TABLES["tickets"], ["ticket", "phase", "updated_at"], selection)
    late, last_change = _late(tickets, bounds_of(label)[1] + SOON)
    for name, table in stored_tables().items():
        found = reader.arrow(table, list(table.columns), selection)
        is_late = pc.is_in(found["ticket"], value_set=late)
        lots = {EARLY: found.filter(pc.invert(is_late)), LATE: found.filter(is_late)}
        for lot, rows in lots.items():
            _write_table(rows, file_of(label, month, name, lot))
        month.rows[name] = len(found)
        if table.falls_at:
            month.falls[name] = {
                lot: _ends(rows[table.falls_at]) for lot, rows in lots.items() if len(rows)
            }
    return replace(month, last_change=last_change)


def _ends(at: pa.ChunkedArray) -> tuple[str, str]:
    """The first and the last day or instant, as text."""
    ends = pc.min_max(at)
    return as_text(ends["min"].as_py()), as_text(ends["max"].as_py())


def _write_table(rows: pa.Table, path: Path) -> None:
    """As what is read fastest: where nothing is missing the file says so, texts are numbers of a
    dictionary, and numbers are kept as differences, which makes them small as well."""
    fields = [field.with_nullable(rows[field.name].null_count > 0) for field in rows.schema]
    kinds = {field.name: field.type for field in fields}
    numbers = [
        name
        for name, kind in kinds.items()
        if pa.types.is_integer(kind) or pa.types.is_temporal(kind)
    ]
    pq.write_table(
        rows.cast(pa.schema(fields)),
        path,
        compression="lz4",
        use_dictionary=[name for name, kind in kinds.items() if pa.types.is_dictionary(kind)],
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )
    _to_disk(path)


def _with_late(manifest: Manifest) -> Manifest:
    """With the late lots of all months put together, where they are not yet: a look at the last
    weeks opens one small file instead of one for each month."""
    if manifest.has_late(list(manifest.months)):
        return manifest
    generation = uuid.uuid4().hex[:12]
    for name, table in stored_tables().items():
        lots = [_lot(label, month, table, LATE) for label, month in sorted(manifest.months.items())]
        path = late_file(generation, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_table(pa.concat_tables([arrow_schema(table).empty_table(), *lots]), path)
    of = {label: month.generation for label, month in manifest.months.items()}
    return replace(manifest, late_generation=generation, late_of=of)


def _late(tickets: pa.Table, soon: datetime) -> tuple[pa.Array, str]:
    """The tickets that are not over, or were not by then; and the last change of the others."""
    is_open = pc.not_equal(tickets["phase"].cast(pa.string()), "done")
    is_late = pc.or_(is_open, pc.greater_equal(tickets["updated_at"], pa.scalar(soon)))
    latest = pc.max(tickets["updated_at"].filter(pc.invert(is_late))).as_py()
    keys = tickets["ticket"].filter(is_late).combine_chunks()
    return keys, latest.isoformat() if latest else ""


def _write(manifest: Manifest) -> None:
    """Let a manifest count from now on; either the old one or this one is there, at any moment."""
    path = folder() / MANIFEST
    half_made = path.with_suffix(".new")
    half_made.write_text(manifest.as_json())
    _to_disk(half_made)
    half_made.replace(path)


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _generations() -> list[Path]:
    """The directories of all months and of what was put together, named or not."""
    return [*folder().glob("????-??/*"), *folder().glob(f"{TOGETHER}/*")]


def _give_up(*generations: Path) -> None:
    """From now on no manifest names these; `_tidy` counts from here, not from when they were
    written: a process that has read the manifest opens their files when it is first asked."""
    for generation in generations:
        with contextlib.suppress(FileNotFoundError):
            os.utime(generation)


def _tidy(manifest: Manifest) -> None:
    """Remove what no manifest names, once nobody can be reading it any more."""
    kept = {(label, month.generation) for label, month in manifest.months.items()}
    kept.add((TOGETHER, manifest.late_generation))
    oldest = time.time() - KEPT_UNNAMED.total_seconds()
    for generation in _generations():
        named = (generation.parent.name, generation.name) in kept
        if not named and generation.stat().st_mtime < oldest:
            shutil.rmtree(generation, ignore_errors=True)


@contextlib.contextmanager
def _alone(*, wait: bool) -> Iterator[None]:
    """One process at a time; the lock goes with the process, however it ends."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise BusyError("Another process builds the fact files.") from error
        yield
