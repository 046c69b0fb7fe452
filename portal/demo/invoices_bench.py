"""How long a month-end run takes, what it takes it for, and whether it survives being killed."""

import os
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db.models import Count, QuerySet, Sum

from billing.contracts.models import Contract
from billing.invoices import actions, documents
from billing.invoices.models import (
    BilledTime,
    BillingRun,
    Invoice,
    InvoiceCounter,
    InvoiceEvent,
    InvoiceLine,
    Seller,
)
from billing.invoices.parse import month_of
from itil.incidents.actions import open_incident
from itil.tickets.models import Channel
from itil.timesheets.models import Activity, TimeEntry
from portal.demo.killing import Child
from portal.people.models import Organization, User

CUSTOMERS = 500
# Of each customer: tickets, and entries on each of them.
TICKETS, ENTRIES = 2, 3
# Whole invoices per second and core: PDF with its XML, checked and stored.
GOAL = 4.0
MARCH = month_of(date(2026, 3, 1))
AT = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)
SERIES = "BEN"
# Where the files of this year's invoices are.
FOLDER = f"invoices/{AT.year}"
# Invoices issued one after the other to tell what one costs.
ONE_BY_ONE = 21
# So many at the least, to spread the points at which processes are killed over the whole run.
STATEMENTS_OF_A_DRAFT, STATEMENTS_OF_AN_ISSUE = 10, 20


def add_customers(count: int, agent: User) -> None:
    """So many customers with a contract each and work in March; half of it without rounding."""
    Seller.objects.get_or_create(
        series=SERIES,
        defaults={
            "name": "Halden IT Services GmbH",
            "street": "Speicherweg 21",
            "postcode": "20457",
            "city": "Hamburg",
            "country": "DE",
            "vat_id": "DE123456788",
            "email": "billing@halden.example",
            "iban": "DE89 3704 0044 0532 0130 00",
        },
    )
    activities = [
        Activity.objects.get_or_create(name=name)[0] for name in ("Analysis", "Remote work")
    ]
    for number in range(count):
        name = f"Customer {number:04}"
        organization = Organization.objects.create(
            name=name,
            kind=Organization.Kind.CUSTOMER,
            street=f"Am Wall {number + 1}",
            postcode="28195",
            city="Bremen",
            country="DE",
        )
        Contract.objects.create(
            organization=organization,
            name="Support",
            number=f"C-{number:04}",
            valid_from=date(2020, 1, 1),
            vat_rate=Decimal("19.00"),
            default_hourly_rate=Decimal("96.40"),
            rounding_mode="up" if number % 2 else "none",
        )
        contact = User.objects.create(
            email=f"contact@customer-{number:04}.example",
            name=f"Contact {number:04}",
            organization=organization,
        )
        for ticket in range(TICKETS):
            incident = open_incident(
                by=contact,
                requester=contact,
                title=f"Report {ticket} shows old figures",
                text="Since this morning.",
                channel=Channel.PORTAL,
            )
            TimeEntry.objects.bulk_create(
                TimeEntry(
                    ticket_id=incident.pk,
                    agent=agent,
                    activity=activities[entry % 2],
                    work_date=date(2026, 3, 2 + entry),
                    minutes=35 + 10 * entry,
                    created_at=AT - timedelta(days=5),
                )
                for entry in range(ENTRIES)
            )


def measure_invoices(count: int = CUSTOMERS, workers: Sequence[int] = (1, 2)) -> Iterator[str]:
    """Lines of the report: a run of `count` invoices by so many workers each, then one page."""
    # Workers first: they are copies of this process, which may not have judged an e-invoice yet.
    documents.warm_up_printing()
    for number in workers:
        forget_invoices()
        run = actions.start_run(MARCH, by=None, at=AT)
        spent = Spent(number, run)
        yield (
            f"drafting {count} invoices, {number} worker(s): {spent.wall:.1f} s, "
            f"{count / spent.wall:.1f} a second; CPU {spent.cpu / count * 1000:.0f} ms each"
        )
        spent = Spent(number, actions.start_issuing(run, by=None, at=AT))
        rate = count / spent.cpu
        yield (
            f"issuing {count} invoices, {number} worker(s): {spent.wall:.1f} s, "
            f"{count / spent.wall:.1f} a second; CPU {1000 / rate:.0f} ms each, so {rate:.1f} a "
            f"second and core (goal {GOAL:.0f}: {'met' if rate >= GOAL else 'MISSED'}); "
            f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        yield f"  memory of a worker from start to end: {spent.memory_text()}"
        yield f"  checked: {'; '.join(complaints(count)) or 'no gap, no repeat, every hour billed'}"
    forget_invoices()
    yield from _one_page()


def _one_page() -> Iterator[str]:
    """Whole invoices of one page, one after the other in one process."""
    drafts = actions.run_month(MARCH, by=None, at=AT).drafted[:ONE_BY_ONE]
    actions.issue(drafts[0], by=None, at=AT)
    shares = Shares()
    cpu, wall = time.process_time(), time.perf_counter()
    with shares:
        for invoice in drafts[1:]:
            actions.issue(invoice, by=None, at=AT)
    number = len(drafts) - 1
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    yield (
        f"one invoice of one page with its sheet of hours: CPU {cpu / number * 1000:.0f} ms, "
        f"wall {wall / number * 1000:.0f} ms, {number / cpu:.1f} a second and core "
        f"(goal {GOAL:.0f}: {'met' if number / cpu >= GOAL else 'MISSED'})"
    )
    yield f"  the time goes to {shares}"


class Shares:
    """What the processor is busy with, looked at every few milliseconds."""

    PARTS = (
        ("layout and PDF", ("/weasyprint/", "/fontTools/", "/pydyf/", "/tinycss2/", "/tinyhtml5/")),
        ("XML and its rules", ("/lxml/", "/saxonche/", "/einvoice/", "/xmlschema/")),
        ("the database", ("/django/db/", "/psycopg/", "/sqlite3/")),
        ("the page", ("/django/template/", "/documents/", "/babel/")),
    )

    def __init__(self):
        self.seen: Counter[str] = Counter()

    def __enter__(self):
        self.before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
        return self

    def __exit__(self, *_error):
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self.before)

    def _look(self, _number, frame):
        while frame is not None:
            path = frame.f_code.co_filename
            for name, marks in self.PARTS:
                if any(mark in path for mark in marks):
                    self.seen[name] += 1
                    return
            frame = frame.f_back
        self.seen["the rest"] += 1

    def __str__(self):
        whole = sum(self.seen.values()) or 1
        return ", ".join(
            f"{name} {count * 100 / whole:.0f} %" for name, count in self.seen.most_common()
        )


class Spent:
    """A run worked off by `workers` processes: seconds of the clock and of all processors."""

    def __init__(self, workers: int, run: BillingRun):
        with tempfile.TemporaryDirectory() as folder:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            started = time.perf_counter()
            notes = [Path(folder) / str(number) for number in range(workers)]
            children = [Child(partial(_work, run, note)) for note in notes]
            for child in children:
                child.wait()
            self.wall = time.perf_counter() - started
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            self.memory = [int(line) for line in notes[0].read_text().split()]

    def memory_text(self) -> str:
        """Megabytes at four moments of the run."""
        last = len(self.memory) - 1
        return ", ".join(f"{self.memory[last * step // 3]} MB" for step in range(4))


def _work(run: BillingRun, note: Path) -> None:
    """Slice after slice as a worker does; writes down the memory after each."""
    ended = False
    with note.open("w") as file:
        while not ended:
            ended = actions.work_off(run, seconds=0.5, at=AT)
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            file.write(f"{pages * resource.getpagesize() // 1024**2}\n")


@dataclass(frozen=True)
class Killed:
    """How often processes were killed while they drafted and while they issued."""

    drafting: int
    issuing: int


def kill_again_and_again(count: int, kills: int, *, at_once: int = 1) -> Killed:
    """Draft and issue `count` invoices by processes of which `kills` are killed on the way, twice.

    The points are spread over the whole run: a process ends before a statement that is counted out;
    of those that issue, every other one at a moment that falls where it falls, mostly into the
    making of a PDF.
    `at_once` so many processes work side by side on one run, and all of them are killed. Call it in
    a process that has not judged an e-invoice yet: the engine of the rules outlives no copy.
    """
    documents.warm_up_printing()
    run = actions.start_run(MARCH, by=None, at=AT)
    drafting = _kill(run, count * STATEMENTS_OF_A_DRAFT, kills, at_once, by_time=False)
    run = actions.start_issuing(run, by=None, at=AT)
    issuing = _kill(run, count * STATEMENTS_OF_AN_ISSUE, kills, at_once, by_time=True)
    return Killed(drafting, issuing)


def _kill(run: BillingRun, statements: int, kills: int, at_once: int, *, by_time: bool) -> int:
    """Work off the run; how many processes were killed before it was done."""
    work, number = partial(actions.work_off, run, at=AT), 0
    each = statements // (kills + 2)
    while number < kills:
        by_count = not by_time or number // at_once % 2 == 0
        children = [
            Child(work, statements=each + (5 * number + place) % 19 if by_count else None)
            for place in range(at_once)
        ]
        if not by_count:
            # Longer than the rules take to load and a customer takes, shorter than the whole.
            time.sleep(0.6 + number % 5 * 0.15)
            for child in children:
                child.kill()
        ended = [child.wait() for child in children]
        number += ended.count(False)
        if any(ended):
            break
    if not Child(work).wait():
        raise RuntimeError("The last process was killed by somebody else.")
    run.refresh_from_db()
    return number


def complaints(count: int) -> list[str]:
    """What is wrong after `count` invoices were issued; nothing when all is well."""
    said = []
    invoices = Invoice.objects.issued().filter(seller__series=SERIES).order_by("number")
    numbers = [
        int(number.rpartition("-")[2]) for number in invoices.values_list("number", flat=True)
    ]
    if numbers != list(range(1, count + 1)):
        said.append(f"numbers {numbers[:3]} … {numbers[-3:]}, {len(numbers)} of {count}")
    last = InvoiceCounter.objects.filter(seller__series=SERIES).aggregate(sum=Sum("last_number"))
    if last["sum"] != count:
        said.append(f"the counter stands at {last['sum']}")
    days = list(invoices.values_list("issued_on", flat=True))
    if days != sorted(days):
        said.append("dates go back")
    if Invoice.objects.filter(seller__series=SERIES).count() != count:
        said.append("drafts are left")
    twice = BilledTime.objects.filter(live=True).values("entry").annotate(n=Count("pk"))
    entries = count * TICKETS * ENTRIES
    if len(twice) != entries or any(row["n"] != 1 for row in twice):
        said.append(f"{len(twice)} of {entries} entries billed, or some twice")
    if TimeEntry.objects.filter(state="approved").exists():
        said.append("entries are left")
    for invoice in invoices:
        invoice.read_pdf()
    kept = {
        str(file.name) for invoice in invoices for file in (invoice.pdf, invoice.xml, invoice.ubl)
    }
    there = {f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]}
    if there != kept:
        said.append(f"{len(there - kept)} files of no invoice, {len(kept - there)} files missing")
    return said


def forget_invoices() -> None:
    """Back to the hours alone; past the verbs, which never delete what was issued."""
    for invoice in Invoice.objects.issued():
        for file in (invoice.pdf, invoice.xml, invoice.ubl):
            default_storage.delete(str(file.name))
    TimeEntry.objects.release()
    BillingRun.objects.filter(of__isnull=False).delete()
    BillingRun.objects.all().delete()
    for model in (BilledTime, InvoiceLine, InvoiceEvent, Invoice, InvoiceCounter):
        rows = model._base_manager.all()
        QuerySet(model, using=rows.db)._raw_delete(rows.db)
