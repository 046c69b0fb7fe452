"""Timing what the worker and administrators do with very many clocks."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from itil.sla import actions as sla
from itil.sla.models import ClockState, Metric, Outcome, SlaClock
from itil.tickets.models import Priority, Ticket
from reports.actions.questions import Question
from reports.actions.what_if import answer
from reports.metrics.period import Period

CLOSED = 1_000_000
TICKS = 200


def measure_clocks() -> Iterator[str]:
    """Lines that say how long it takes; the database is left as it was."""
    tickets = Ticket.objects.count()
    seconds, different = timed(count_differences)
    yield (
        f"replay of {tickets:,} tickets: {seconds:.1f} s processor time,"
        f" {seconds / tickets * 1000:.2f} ms each, {different:,} with differences"
    )
    yield f"what-if over {SlaClock.objects.count():,} clocks: {what_if_times()}"
    with transaction.atomic():
        yield f"finding due clocks, {closed_clocks():,} closed: {due_times()}"
        add_closed(CLOSED)
        yield f"finding due clocks, {closed_clocks():,} closed: {due_times()}"
        transaction.set_rollback(True)


def timed(work: Callable[[], int]) -> tuple[float, int]:
    """Processor seconds, and what `work` gave."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def count_differences() -> int:
    found = sla.differences(Ticket.objects.all(), timezone.now())
    return sum(bool(differences) for _ticket, differences in found)


def what_if_times() -> str:
    """Seconds until the first answer about all tickets, and until that to a further change."""
    cache.clear()
    now = timezone.now()
    days = Ticket.objects.aggregate(first=Min("received_at__date"), last=Max("received_at__date"))
    period = Period(days["first"], days["last"], settings.BUSINESS_TIME_ZONE)
    seconds = []
    for hours in (20, 30):
        targets = {(str(Metric.RESOLUTION), int(Priority.MODERATE)): hours * 3600}
        began = time.perf_counter()
        found = answer(Question(period, targets=targets), now=now)
        seconds.append(time.perf_counter() - began)
    first, further = seconds
    return f"{first:.2f} s, a further change {further:.2f} s, {len(found.sides):,} change sides"


def closed_clocks() -> int:
    return SlaClock.objects.filter(state=ClockState.STOPPED).count()


def due_times() -> str:
    """Milliseconds of a look for due clocks, with none due and with some."""
    now = timezone.now()
    idle = look(now)
    soon = SlaClock.objects.filter(state=ClockState.RUNNING, outcome=Outcome.PENDING)
    last = soon.exclude(due_at=None).order_by("due_at").values_list("due_at", flat=True)[:100]
    busy = look(max(last, default=now) + timedelta(seconds=1))
    return f"{idle:.2f} ms with none due, {busy:.2f} ms to find the next 100"


def look(now) -> float:
    began = time.perf_counter()
    for _ in range(TICKS):
        list(SlaClock.objects.falling_due(now).order_by("due_at")[:500].values_list("pk"))
        list(SlaClock.objects.becoming_at_risk(now).order_by("at_risk_at")[:1].values_list("pk"))
        list(SlaClock.objects.escalating(now).order_by("escalates_at")[:1].values_list("pk"))
    return (time.perf_counter() - began) / TICKS * 1000


def add_closed(count: int) -> None:
    """Copies of stopped clocks, as further runs of their metric, until there are `count` more."""
    quote = connection.ops.quote_name
    table = quote(SlaClock._meta.db_table)
    fields = [field.column for field in SlaClock._meta.concrete_fields if not field.primary_key]
    names = ", ".join(quote(name) for name in fields)
    cycle = quote("cycle")
    added, turn = 0, 0
    with connection.cursor() as cursor:
        while added < count:
            turn += 1
            values = names.replace(cycle, f"{cycle} + {turn * 1000}")
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}"  # noqa: S608
                f" WHERE state = %s AND {cycle} < 1000 LIMIT %s",
                [ClockState.STOPPED, count - added],
            )
            added += cursor.rowcount
        cursor.execute("ANALYZE")
