"""How long it takes to find what fails with an item in a large estate."""

import random
import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from itil.cmdb.impact import what_fails, what_it_needs
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, ItemClass, Relation, RelationType
from itil.services.models import Service
from portal.demo.counting import Counter
from portal.people.models import Organization

ITEMS, RELATIONS = 10_000, 50_000
SERVICES = 40
RUNS = 20
KINDS = (RelationType.DEPENDS_ON, RelationType.RUNS_ON, RelationType.HOSTED_ON)


def measure_impact() -> Iterator[str]:
    """Lines of the report: the item on which most depends, and any items, both ways."""
    items = make_large_estate()
    chance = random.Random(1)  # noqa: S311 - a choice, not a secret
    some = [chance.choice(items) for _run in range(RUNS)]
    asked = (
        ("what fails with the first item", [items[0]] * RUNS, what_fails),
        ("what fails with any item", some, what_fails),
        ("what any item needs", some, what_it_needs),
    )
    for name, wanted, ask in asked:
        times, found, statements = [], [], []
        for item in wanted:
            counter = Counter()
            began = time.perf_counter()
            with connection.execute_wrapper(counter):
                found.append(len(ask(item).items))
            times.append((time.perf_counter() - began) * 1000)
            statements.append(counter.count)
        yield (
            f"{name}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms, "
            f"{statistics.median(found):.0f} items found, {max(statements)} statements"
        )


def make_large_estate() -> list[ConfigurationItem]:
    """Items in layers, each with relations to items of lower keys; a fifth are members of
    clusters. The same every time.
    """
    chance = random.Random(7)  # noqa: S311 - a choice, not a secret
    now = timezone.now()
    owner = Organization.objects.create(name="Estate", kind=Organization.Kind.PROVIDER)
    of_class = ItemClass.objects.create(name="Machine", slug="machine")
    items = ConfigurationItem.objects.bulk_create(
        (
            ConfigurationItem(
                name=f"item-{number}",
                item_class=of_class,
                organization=owner,
                status=Status.IN_USE,
            )
            for number in range(ITEMS)
        ),
        batch_size=1000,
    )
    pairs: dict[tuple[int, int], RelationType] = {}
    while len(pairs) < RELATIONS - SERVICES:
        upper = chance.randrange(1, ITEMS)
        lower = chance.randrange(max(0, upper - 3000), upper)
        kind = RelationType.MEMBER_OF if chance.random() < 0.2 else chance.choice(KINDS)
        # A member has the smaller key: its cluster stands on it.
        ends = (lower, upper) if kind == RelationType.MEMBER_OF else (upper, lower)
        pairs.setdefault(ends, kind)
    Relation.objects.bulk_create(
        (
            Relation(source=items[source], target=items[target], type=kind, valid_from=now)
            for (source, target), kind in pairs.items()
        ),
        batch_size=1000,
    )
    services = Service.objects.bulk_create(
        Service(name=f"Service {number}") for number in range(SERVICES)
    )
    Relation.objects.bulk_create(
        Relation(
            source=items[-1 - number],
            service=service,
            type=RelationType.PROVIDES,
            valid_from=now,
        )
        for number, service in enumerate(services)
    )
    return items
