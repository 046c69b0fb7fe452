"""How long it takes to find what fails with an item in a large estate."""

import gc
import random
import statistics
from collections.abc import Iterator
from functools import partial

from django.utils import timezone

from itil.cmdb.impact import what_fails, what_it_needs
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import ConfigurationItem, ItemClass, Relation, RelationType
from itil.services.models import Service
from portal.demo.counting import Taken
from portal.people.models import Organization

ITEMS, RELATIONS = 10_000, 50_000
SERVICES = 40
RUNS = 20
# Milliseconds.
GOAL = 300
KINDS = (RelationType.DEPENDS_ON, RelationType.RUNS_ON, RelationType.HOSTED_ON)


def measure_impact(items: int = ITEMS, relations: int = RELATIONS) -> Iterator[str]:
    """Lines of the report: the item on which most depends, and any items, both ways."""
    keys = make_large_estate(items, relations)
    chance = random.Random(1)  # noqa: S311 - a choice, not a secret
    # The others go: a worker does not hold the estate in its memory either.
    some = [ConfigurationItem.objects.get(pk=chance.choice(keys)) for _run in range(RUNS)]
    first = ConfigurationItem.objects.get(pk=keys[0])
    gc.collect()
    asked = (
        ("what fails with the first item", [first] * RUNS, what_fails),
        ("what fails with any item", some, what_fails),
        ("what any item needs", some, what_it_needs),
    )
    for name, wanted, ask in asked:
        taken = Taken()
        found = [len(taken.run(partial(ask, item)).items) for item in wanted]
        yield f"{name}, {statistics.median(found):.0f} items found: {taken.text(GOAL)}"


def make_large_estate(number: int, relations: int) -> list[int]:
    """Items in layers, each with relations to items of lower keys; a fifth are members of
    clusters. The same every time. Returns the keys of the items.
    """
    chance = random.Random(7)  # noqa: S311 - a choice, not a secret
    now = timezone.now()
    owner = Organization.objects.create(name="Estate", kind=Organization.Kind.PROVIDER)
    of_class = ItemClass.objects.create(name="Machine", slug="machine")
    items = ConfigurationItem.objects.bulk_create(
        (
            ConfigurationItem(
                name=f"item-{place}",
                item_class=of_class,
                organization=owner,
                status=Status.IN_USE,
            )
            for place in range(number)
        ),
        batch_size=1000,
    )
    pairs: dict[tuple[int, int], RelationType] = {}
    while len(pairs) < relations - SERVICES:
        upper = chance.randrange(1, number)
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
        Service(name=f"Estate service {place}") for place in range(SERVICES)
    )
    Relation.objects.bulk_create(
        Relation(
            source=items[-1 - place],
            service=service,
            type=RelationType.PROVIDES,
            valid_from=now,
        )
        for place, service in enumerate(services)
    )
    return [item.pk for item in items]
