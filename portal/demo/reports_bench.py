"""How long reports take with a million tickets, and whether their figures are right."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from itil.sla.models import SlaClock
from itil.tickets.models import EventKind, Ticket, TicketEvent
from itil.timesheets.models import TimeEntry
from portal.people.models import User
from reports.actions.boards import find_board
from reports.actions.computing import compute_snapshot
from reports.charts.dashboards import BY_KEY
from reports.filters.boards import choose_board
from reports.frames.selection import Selection
from reports.frames.source import Frames
from reports.metrics.indicator import Step, Window
from reports.metrics.period import Period
from reports.metrics.registry import INDICATORS
from reports.metrics.tile import Tile
from reports.metrics.tiles import Desk, answer
from reports.permissions import reach_of

RUNS = 5
# More than a busy desk changes in the five minutes between two builds.
CHANGED = 200
# What the first page of a manager tells, of a month and of the one before.
TILES = (
    Tile("flow", ("received", "resolved"), by="step"),
    Tile("backlog", ("backlog",), by="team"),
    Tile("response", ("first_response_median",), by="priority"),
    Tile("resolution", ("resolution_median",), by="priority"),
    Tile("promises", ("compliance",), by="metric"),
    Tile("reopened", ("reopened",), by="team"),
    Tile("hours", ("hours",), by="organization"),
)


def measure_reports(tickets: int, events: int) -> Iterator[str]:
    """Lines to print; the database holds the tickets, FACTS_DIR is empty."""
    load = os.getloadavg()[0]
    yield f"{tickets:,} tickets, {events:,} events on {connection.vendor}; load {load:.1f}"
    yield f"full rebuild: {_command('build_facts', '--all')}"
    last = f"{timezone.now() - timedelta(days=40):%Y-%m}"
    yield f"one month: {_command('build_facts', '--month', last)}"
    files = list(Path(settings.FACTS_DIR).rglob("*.parquet"))
    size = sum(path.stat().st_size for path in files) / 2**20
    yield f"{len(files)} files, {size:,.0f} MB"
    now = timezone.now()
    yield f"dashboard from fact files: {_timed(lambda: dashboard(Frames.stored, now))}"
    yield f"of which: {_parts(now)}"
    with _changed(CHANGED, now):
        yield (
            f"dashboard as of now, {CHANGED} tickets changed since:"
            f" {_timed(lambda: dashboard(Frames.latest, now))}"
        )
        same = dashboard(Frames.latest, now) == dashboard(Frames.live, now)
        yield f"equal to the database, live: {'yes' if same else 'NO'}"
    yield f"dashboard live, without files: {_timed(lambda: dashboard(Frames.live, now))}"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield f"memory of this process at most: {memory:,.0f} MB; load now {os.getloadavg()[0]:.1f}"
    yield from _page(now)
    yield from compared(now)
    yield from _on_a_cluster(now)


def _parts(now: datetime) -> str:
    """Where the processor's time of one dashboard from the files goes."""
    spent: dict[str, float] = {}

    class Timed(Frames):
        def read(self, name: str, columns: Sequence[str] | None = None) -> Any:
            began = time.process_time()
            try:
                return super().read(name, columns)
            finally:
                spent[name] = spent.get(name, 0) + time.process_time() - began

    began = time.process_time()
    dashboard(Timed.stored, now)
    rest = time.process_time() - began - sum(spent.values())
    read = ", ".join(f"{name} {seconds:.2f}" for name, seconds in spent.items())
    return f"reading {read}; computing {rest:.2f} s of CPU"


@contextmanager
def _changed(count: int, now: datetime) -> Iterator[None]:
    """As if something had happened on so many tickets since the files were built."""
    keys = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[: 10 * count : 10]
    told = TicketEvent.objects.bulk_create(
        TicketEvent(ticket_id=key, kind=EventKind.NOTED, at=now, handled_at=now) for key in keys
    )
    try:
        yield
    finally:
        TicketEvent.objects.filter(pk__in=[one.pk for one in told]).delete()


def _page(now: datetime) -> Iterator[str]:
    """A dashboard of ours: its figures in a worker, and the page that shows them."""
    manager = User.objects.get(email="manager0@example.com")
    board, today = BY_KEY["backlog"], now.date()
    days = {"from": str(today - timedelta(days=30)), "to": str(today - timedelta(days=1))}
    scope = choose_board(days, reach_of(manager), today=today).scope
    snapshot = find_board(scope, board.tiles, manager, now=now)
    worked = _timed(lambda: compute_snapshot(snapshot, now=timezone.now()))
    yield f"{len(board.tiles)} tiles of “{board.title}” in a worker: {worked}"
    client = Client()
    client.force_login(manager)
    address = reverse(f"reports:{board.key}")

    def look() -> None:
        # A name that development and production both answer to.
        shown = client.get(address, days, headers={"host": "localhost"})
        if shown.status_code != HTTPStatus.OK or b'class="kpis"' not in shown.content:
            raise AssertionError(f"{address} shows no figures")

    yield f"its page: {_timed(look)}"


def _on_a_cluster(now: datetime) -> Iterator[str]:
    """The same on two more processes, where the extra `cluster` is installed."""
    if not find_spec("distributed"):
        return
    from distributed import LocalCluster  # noqa: PLC0415

    # Its processes read these.
    os.environ |= {"DATABASE_URL": _address(), "FACTS_DIR": str(settings.FACTS_DIR)}
    alone = dashboard(Frames.stored, now)
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        override_settings(DASK_SCHEDULER=cluster.scheduler_address),
    ):
        yield f"on a cluster of two: {_timed(lambda: dashboard(Frames.stored, now))}"
        same = dashboard(Frames.stored, now) == alone
        yield f"equal to one machine: {'yes' if same else 'NO'}"


def dashboard(make: Callable[..., Frames], now: datetime) -> list[dict[str, Any]]:
    """The figures of the tiles for the last thirty days, beside the thirty days before."""
    today = now.date()
    period = Period(today - timedelta(days=30), today - timedelta(days=1), "UTC")
    selection = Selection(before=period.end, since=period.previous.start)
    frames = make(selection, now=now)
    desks = [
        Desk(frames, Window(one, now=now, step=Step.WEEK)) for one in (period, period.previous)
    ]
    desks[0].expect(INDICATORS[key] for tile in TILES for key in tile.indicators)
    return [answer(tile, desks[0], desks[1]) for tile in TILES]


def compared(now: datetime) -> Iterator[str]:
    """Five figures of all time, beside those that SQL gives; AssertionError when one differs."""
    frames = Frames.stored(now=now)
    tickets = frames.read("tickets", ["priority", "resolved_at", "phase"])
    clocks = frames.read("clocks", ["metric", "outcome"])
    asked = Ticket.objects.asked_for().filter(is_confidential=False)
    promised = SlaClock.objects.filter(metric="resolution", ticket__in=asked.values("pk"))
    met = clocks[clocks["metric"] == "resolution"]["outcome"].eq("met")
    begun = now - timedelta(days=60)
    pairs = {
        "tickets": (len(tickets), asked.count()),
        "open": (int((tickets["phase"] != "done").sum()), asked.exclude(phase="done").count()),
        "resolved in 60 days": (
            int((tickets["resolved_at"] >= begun).sum()),
            asked.filter(resolved_at__gte=begun).count(),
        ),
        "promises met": (int(met.sum()), promised.filter(outcome="met").count()),
        "minutes": (
            int(frames.read("time", ["minutes"])["minutes"].sum()),
            TimeEntry.objects.aggregate(sum=Sum("minutes"))["sum"] or 0,
        ),
    }
    by_priority = asked.order_by("priority").values_list("priority").annotate(n=Count("pk"))
    counts = tickets.groupby("priority").size()
    pairs |= {f"P{key}": (int(counts[key]), n) for key, n in by_priority}
    for name, (ours, theirs) in pairs.items():
        if ours != theirs:
            raise AssertionError(f"{name}: {ours:,} by frames, {theirs:,} by SQL")
    yield f"equal to SQL: {', '.join(f'{name} {ours:,}' for name, (ours, _) in pairs.items())}"


def _address() -> str:
    """Of the database that is measured."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    return f"sqlite:///{name}"


def _timed(run: Callable[[], Any]) -> str:
    run()
    walls, cpus = [], []
    for _ in range(RUNS):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return f"median {statistics.median(walls):.2f} s, best {min(walls):.2f}, CPU {min(cpus):.2f}"


def _command(*words: str) -> str:
    """What a command says in a process of its own, on this database."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *words],
        env=os.environ | {"DATABASE_URL": _address(), "FACTS_DIR": str(settings.FACTS_DIR)},
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        text=True,
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return f"{done.stdout.strip()}, {used.ru_utime + used.ru_stime:.0f} s of CPU so far"
