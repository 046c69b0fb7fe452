"""Time the pages people wait for, with a year's tickets and with very many."""

import gc
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from itil.incidents.actions import open_incident
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, Ticket
from portal.demo.bulk import World, add_tickets, make_world, refresh_statistics
from portal.demo.bulk_orders import Shop, add_orders, make_shop
from portal.demo.changes_bench import measure_calendar
from portal.demo.clock_bench import measure_clocks
from portal.demo.counting import Counter
from portal.demo.estate_bench import measure_impact
from portal.people.models import User

SIZES = (17_136, 100_000)
ITEMS = 1_000
RUNS = 60
WARM_UP = 3
# A slow page is run for so many seconds at most, yet at least so many times.
LONGEST_SECONDS = 60
FEWEST_RUNS = 10


@dataclass
class Result:
    """What the runs of one page with one number of tickets came to; times in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.wall)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.wall, n=20)[-1]


class Command(BaseCommand):
    help = (
        "Make a database of its own beside the configured one, fill it with tickets, and time the "
        "main pages in process: wall and processor time, SQL statements, bytes."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--sizes", nargs="+", type=int, default=SIZES, help="numbers of tickets, rising"
        )
        parser.add_argument("--runs", type=int, default=RUNS, help="timed runs of each page")

    def handle(self, *args, sizes=SIZES, runs=RUNS, **options):
        if list(sizes) != sorted(set(sizes)) or sizes[0] < 1:
            raise CommandError("Give the numbers of tickets from small to large.")
        if runs < 2:
            raise CommandError("At least two runs are needed.")
        if connection.vendor == "sqlite":
            # A file, as in service; the database in memory of the tests would flatter.
            path = Path(settings.VAR_DIR) / "bench" / "bench.sqlite3"
            path.parent.mkdir(parents=True, exist_ok=True)
            connection.settings_dict["TEST"]["NAME"] = str(path)
        configured = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            world = make_world()
            self.report("tickets", sizes, self.measure_all(world, sizes, runs))
            self.report("orders", sizes, self.measure_catalog(world, sizes, runs))
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)

    def measure_all(self, world: World, sizes, runs) -> dict[str, list[Result | None]]:
        """The results of each page, one for each size; None where a page does not answer."""
        results: dict[str, list[Result | None]] = {}
        there = 0
        for size in sizes:
            started = time.perf_counter()
            add_tickets(world, size - there, already=there, now=timezone.now())
            refresh_statistics()
            there = size
            seconds = time.perf_counter() - started
            self.stdout.write(
                f"{size:,} tickets on {connection.vendor}, written in {seconds:.0f} s"
            )
            for name, run in self.pages(world).items():
                results.setdefault(name, []).append(self.measure(name, run, runs))
        for name, measure in (
            ("clocks", measure_clocks),
            ("impact", measure_impact),
            ("calendar of changes", measure_calendar),
        ):
            self.stdout.write(f"{name}:")
            for line in measure():
                self.stdout.write(f"  {line}")
                self.stdout.flush()
        return results

    def measure_catalog(self, world: World, sizes, runs) -> dict[str, list[Result | None]]:
        """The same for the pages of who orders and who approves, with a thousand items."""
        results: dict[str, list[Result | None]] = {}
        shop = make_shop(world, ITEMS, timezone.now())
        there = 0
        for size in sizes:
            started = time.perf_counter()
            add_orders(world, shop, size - there, already=there, now=timezone.now())
            refresh_statistics()
            there = size
            seconds = time.perf_counter() - started
            self.stdout.write(f"{ITEMS:,} items, {size:,} orders, written in {seconds:.0f} s")
            for name, run in self.catalog_pages(world, shop).items():
                results.setdefault(name, []).append(self.measure(name, run, runs))
        return results

    def catalog_pages(self, world: World, shop: Shop) -> dict[str, Callable[[], int]]:
        """Each as another person than the one before, so that nothing is remembered for them."""
        chance = random.Random(2)  # noqa: S311 - a choice, not a secret
        people = [signed_in(person) for person in chance.sample(world.requesters, 20)]
        approvers = [signed_in(person) for person in shop.approvers]
        departments = sorted({item.get_parent().slug for item in shop.items[:50]})
        forms = [
            reverse("requests:order", args=[item.get_parent().slug, item.slug])
            for item in chance.sample(shop.items, 20)
        ]
        return {
            "catalog": lambda: fetch(chance.choice(people), reverse("offerings:front")),
            "department": lambda: fetch(
                chance.choice(people),
                reverse("offerings:department", args=[chance.choice(departments)]),
            ),
            "item form": lambda: fetch(chance.choice(people), chance.choice(forms)),
            "my requests": lambda: fetch(chance.choice(people), reverse("selfservice:requests")),
            "approvals": lambda: fetch(chance.choice(approvers), reverse("approvals:list")),
        }

    def pages(self, world: World) -> dict[str, Callable[[], int]]:
        """What to run for each page; each returns the bytes it made."""
        agent, manager = signed_in(world.agents[0]), signed_in(world.manager)
        chance = random.Random(1)  # noqa: S311 - a choice, not a secret
        mine = Ticket.objects.visible_to(world.agents[0]).exclude(phase=Phase.DONE)
        numbers = list(mine.order_by("pk").values_list("number", flat=True)[:500])
        return {
            "queue": lambda: fetch(agent, reverse("desk:queue")),
            "ticket": lambda: fetch(agent, reverse("desk:ticket", args=[chance.choice(numbers)])),
            "search": lambda: fetch(agent, reverse("desk:queue"), q="printer jams"),
            "KPIs": lambda: fetch(manager, reverse("reports:overview")),
            "open a ticket": lambda: open_one(chance.choice(world.requesters)),
        }

    def measure(self, name: str, run: Callable[[], int], runs: int) -> Result | None:
        """Time `runs` calls after a few to warm up; says which page there is not."""
        try:
            for _ in range(WARM_UP):
                run()
        except (NoReverseMatch, PageError) as error:
            self.stderr.write(f"{name}: not measured, {error}")
            return None
        result = Result()
        statements = Counter()
        # As a web process does once it has loaded everything (portal/wsgi.py).
        gc.collect()
        gc.freeze()
        with connection.execute_wrapper(statements):
            began = time.perf_counter()
            while len(result.wall) < runs:
                if (
                    len(result.wall) >= FEWEST_RUNS
                    and time.perf_counter() - began > LONGEST_SECONDS
                ):
                    break
                statements.count = 0
                wall, cpu = time.perf_counter(), time.process_time()
                result.size = run()
                result.wall.append((time.perf_counter() - wall) * 1000)
                result.cpu.append((time.process_time() - cpu) * 1000)
                result.statements.append(statements.count)
        self.stdout.write(f"  {name}: {len(result.wall)} runs, median {result.median:.1f} ms")
        self.stdout.write(
            f"    slowest statement {statements.longest:.1f} ms: {statements.slowest[:400]}"
        )
        self.stdout.flush()
        return result

    def report(self, what: str, sizes, results: dict[str, list[Result | None]]) -> None:
        times = "".join(f"{head:>9}" for head in (what, "p50 ms", "p95 ms", "CPU ms"))
        self.stdout.write(f"\n{'page':14}{times}{'SQL':>6}{'bytes':>10}")
        for name, row in results.items():
            for size, result in zip(sizes, row, strict=True):
                if result is None:
                    self.stdout.write(f"{name:14}{size:>9,}{'no such page':>18}")
                    continue
                cpu, statements = statistics.median(result.cpu), max(result.statements)
                self.stdout.write(
                    f"{name:14}{size:>9,}{result.median:>9.1f}{result.p95:>9.1f}"
                    f"{cpu:>9.1f}{statements:>6}{result.size:>10,}"
                )
        self.stdout.write(f"\nMedian with {sizes[-1]:,} {what} as a multiple of {sizes[0]:,}:")
        for name, row in results.items():
            first, last = row[0], row[-1]
            if first and last:
                self.stdout.write(f"{name:14}{last.median / first.median:>9.2f}")


class PageError(Exception):
    """A page answered with something else than a page."""


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fetch(client: Client, url: str, **query: str) -> int:
    """The size of the page in bytes, as sent without compression."""
    response = client.get(url, query)
    if response.status_code != 200:
        raise PageError(f"{url} answered {response.status_code}")
    return len(response.content)


def open_one(requester: User) -> int:
    """Open a ticket by the verb all channels call, in its transaction; no page is made."""
    open_incident(
        by=requester,
        title="The printer jams",
        text="It stops after every second page.",
        requester=requester,
        channel=Channel.PORTAL,
    )
    return 0
