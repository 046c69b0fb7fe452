"""Which freezes and maintenance windows a change falls under (`CHG-4`)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Coalesce

from itil.changes.hours import Span, occurrences
from itil.changes.lifecycle import ChangeType
from itil.changes.models import Change, FreezeExemption, FreezeWindow
from itil.changes.models.windows import Window
from itil.cmdb.models import ItemClass, Relation, RelationType
from itil.tickets.models import TicketItem

# More keys than this are not named one by one: the rows of all unfinished changes are read.
MOST_NAMED = 5000


@dataclass(frozen=True)
class Item:
    """An item of a change, as far as windows and conflicts go by it."""

    pk: int
    name: str
    item_class: int
    environment: str


@dataclass(frozen=True)
class Facts:
    """What windows go by. A risk that nobody has assessed yet may be any."""

    type: str
    risk: str
    services: frozenset[int] = frozenset()
    classes: frozenset[int] = frozenset()
    environments: frozenset[str] = frozenset()


def among(changes: Collection[int]) -> Any:
    """These changes, for a condition; all unfinished ones when they are too many to name."""
    if len(changes) <= MOST_NAMED:
        return list(changes)
    return Change.objects.unfinished().order_by().values("pk")


def items_of(changes: Collection[int]) -> dict[int, list[Item]]:
    """The items of each of these changes, in whatever role. One statement."""
    found: dict[int, list[Item]] = defaultdict(list)
    links = TicketItem.objects.filter(ticket__in=among(changes)).order_by("item__name", "pk")
    columns = ("ticket_id", "item_id", "item__name", "item__item_class_id", "item__environment")
    for change, *item in links.values_list(*columns):
        found[change].append(Item(*item))
    return found


def facts_of(
    changes: Iterable[Change], items: dict[int, list[Item]] | None = None
) -> dict[int, Facts]:
    """The facts of each change by its key. Four statements at most, whatever their number.

    Services are those that are named and those that its items provide; classes those of its items
    and what they are kinds of; environments the own one and those of its items.
    """
    rows = list(changes)
    keys = {row.pk for row in rows}
    items = items_of(keys) if items is None else items
    named = _services_named(keys)
    provided = _services_provided({item.pk for found in items.values() for item in found})
    kinds = _kinds()
    facts = {}
    for row in rows:
        own = items.get(row.pk, [])
        services = named[row.pk] | {row.service_id} - {None}
        facts[row.pk] = Facts(
            type=row.change_type,
            risk=row.risk,
            services=frozenset(services.union(*(provided[item.pk] for item in own))),
            classes=frozenset().union(*(kinds.get(item.item_class, set()) for item in own)),
            environments=frozenset({row.environment, *(item.environment for item in own)} - {""}),
        )
    return facts


def _services_named(changes: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = Change.affected_services.through.objects.filter(change__in=among(changes))
    for change, service in rows.values_list("change_id", "service_id"):
        found[change].add(service)
    return found


def _services_provided(items: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    if not items:
        return found
    rows = Relation.objects.in_force().filter(type=RelationType.PROVIDES).order_by()
    if len(items) <= MOST_NAMED:
        rows = rows.filter(source__in=items)
    for item, service in rows.values_list(
        "source_id", Coalesce("service_id", "offering__service_id")
    ):
        found[item].add(service)
    return found


def _kinds() -> dict[int, set[int]]:
    """For each class of items itself and all that it is a kind of. One statement."""
    parents = dict(ItemClass.objects.order_by().values_list("pk", "parent_id"))
    found = {}
    for pk in parents:
        line, upper = {pk}, parents[pk]
        while upper is not None and upper not in line:
            line.add(upper)
            upper = parents.get(upper)
        found[pk] = line
    return found


@dataclass
class Scoped:
    """A window with its criteria read, and its occurrences in a stretch of time."""

    window: Window
    services: frozenset[int]
    classes: frozenset[int]
    spans: list[Span]

    def obliges(self, wanted: Span) -> bool:
        """Whether it recurs in the days of `wanted`, and so is the time for such changes."""
        window = self.window
        first, last = (moment.astimezone(window.zone).date() for moment in wanted)
        is_over = window.until is not None and window.until < first
        return bool(window.rule) and window.begins_on <= last and not is_over

    def fits(self, facts: Facts) -> bool:
        """Whether the window is for a change like this."""
        window = self.window
        return (
            (not self.services or bool(self.services & facts.services))
            and (not self.classes or bool(self.classes & facts.classes))
            and (not window.environments or bool(facts.environments & set(window.environments)))
            and (not window.risks or not facts.risk or facts.risk in window.risks)
            and (not window.types or facts.type in window.types)
        )


def scoped(model: type[Window], start: datetime, end: datetime) -> list[Scoped]:
    """The windows of this kind that may be in `[start, end)`. Three statements."""
    rows = model.objects.in_play(start, end).prefetch_related("services", "item_classes")
    return [
        Scoped(
            window,
            frozenset(service.pk for service in window.services.all()),
            frozenset(kind.pk for kind in window.item_classes.all()),
            occurrences(window.recurrence, start, end),
        )
        for window in rows
    ]


def exemptions_of(changes: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of a change and a freeze in which it may run by name. One statement."""
    rows = FreezeExemption.objects.filter(change__in=among(changes))
    return set(rows.values_list("change_id", "freeze_id"))


def is_exempt(change: Change, freeze: int, exemptions: set[tuple[int, int]]) -> bool:
    """Emergencies by a named exemption, standard changes by their template; others never."""
    if change.change_type == ChangeType.STANDARD:
        return change.template is not None and change.template.ignores_freeze
    if change.change_type == ChangeType.EMERGENCY:
        return (change.pk, freeze) in exemptions
    return False


def frozen(change: Change, at: datetime) -> FreezeWindow | None:
    """The freeze that forbids this change to run at `at`, its exemptions respected; None for none.

    Eight statements at most.
    """
    end = at + timedelta(microseconds=1)
    freezes = [one for one in scoped(FreezeWindow, at, end) if one.spans]
    if not freezes:
        return None
    facts = facts_of([change])[change.pk]
    exemptions = exemptions_of({change.pk})
    for freeze in freezes:
        if freeze.fits(facts) and not is_exempt(change, freeze.window.pk, exemptions):
            return freeze.window
    return None
