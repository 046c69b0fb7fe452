"""What fails when an item fails, and what an item needs (domain section 1).

Impact runs from what is depended upon to the dependant. A cluster falls when none of its members
is healthy any more: in use, and not failed itself. What is connected falls with the other end only
where the relation says so. Cycles end, because nothing fails twice.

However large the estate is, the number of statements stays the same: the relations are read whole
and lean, and what was found is named in one more.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Self

from django.db.models.functions import Coalesce

from itil.services.models import Service

from .lifecycle import Status
from .models import ConfigurationItem, ItemEvent, Relation, RelationType
from .models.relation import FAILS_WITH_TARGET

# More keys than this are not named in a statement; the table is read instead.
_MOST_NAMED = 2000
# Looked up once: the relations are many.
_MEMBER, _CONNECTED = str(RelationType.MEMBER_OF), str(RelationType.CONNECTED_TO)
# (type, source, target) of every relation that can pass a failure on.
Edges = list[tuple[str, int, int]]


class Hit(NamedTuple):
    """An item that was reached: in how many steps, and over which relation to which item."""

    pk: int
    name: str
    class_name: str
    icon: str
    status: str
    criticality: int
    level: int
    via: int | None = None
    relation: str = ""
    # Of a cluster that stands: how many healthy members it has left.
    healthy: int | None = None

    @property
    def number(self) -> str:
        return f"CI-{self.pk:06d}"

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)

    @property
    def relation_label(self) -> str:
        """Why it fails, before the name of the item that it was reached over."""
        if not self.relation:
            return ""
        kind = RelationType(self.relation)
        return kind.inverse_label if kind == _MEMBER else str(kind.label)

    @property
    def needed_label(self) -> str:
        """Why it is needed, before the name of the item that needs it."""
        if not self.relation:
            return ""
        kind = RelationType(self.relation)
        return str(kind.label) if kind == _MEMBER else kind.inverse_label


class ServiceHit(NamedTuple):
    """A service that one of the items provides."""

    pk: int
    name: str
    criticality: int
    level: int
    via: int

    @property
    def criticality_label(self) -> str:
        return str(Service.Criticality(self.criticality).label)


@dataclass(frozen=True)
class Impact:
    """What was found, the nearest first. `start` is level 0 and not among the items."""

    start: Hit
    items: tuple[Hit, ...] = ()
    services: tuple[ServiceHit, ...] = ()
    # Clusters that lost a member and stand all the same.
    spared: tuple[Hit, ...] = ()
    at: datetime | None = None

    @property
    def names(self) -> dict[int, str]:
        """The name of every item in it, by key."""
        return {hit.pk: hit.name for hit in (self.start, *self.items, *self.spared)}

    @property
    def depth(self) -> int:
        return max((hit.level for hit in self.items), default=0)

    def as_data(self) -> dict[str, Any]:
        """As evidence keeps it: plain values, with the names of the moment."""
        return {
            "start": self.start._asdict(),
            "items": [hit._asdict() for hit in self.items],
            "services": [hit._asdict() for hit in self.services],
            "spared": [hit._asdict() for hit in self.spared],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """What was kept by `as_data`."""
        return cls(
            start=Hit(**data["start"]),
            items=tuple(Hit(**hit) for hit in data["items"]),
            services=tuple(ServiceHit(**hit) for hit in data["services"]),
            spared=tuple(Hit(**hit) for hit in data["spared"]),
        )


@dataclass
class _Walk:
    """Which items were reached, in order: level, the item before, the relation."""

    reached: dict[int, tuple[int, int | None, str]]
    spared: dict[int, tuple[int, int, str, int]] = field(default_factory=dict)


def what_fails(item: ConfigurationItem, at: datetime | None = None) -> Impact:
    """What fails with `item`: items, the services they provide, and the clusters that stand.

    `at` asks for a past moment: the relations and the health of the members of then. Five
    statements at most.
    """
    edges = _edges(at)
    walk = _fall(item.pk, edges, _healthy(edges, at))
    return _named(item, walk, at, with_services=True)


def what_it_needs(item: ConfigurationItem, at: datetime | None = None) -> Impact:
    """What `item` needs, the other way round: a cluster needs its members. Two statements."""
    onward: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for kind, source, target in _edges(at):
        if kind == _MEMBER:
            onward[target].append((source, kind))
            continue
        onward[source].append((target, kind))
        if kind == _CONNECTED:
            onward[target].append((source, kind))
    walk = _Walk({item.pk: (0, None, "")})
    queue = deque([item.pk])
    while queue:
        present = queue.popleft()
        for other, kind in onward.get(present, ()):
            if other not in walk.reached:
                walk.reached[other] = (walk.reached[present][0] + 1, present, kind)
                queue.append(other)
    return _named(item, walk, at, with_services=False)


def relations_among(pks: Iterable[int], at: datetime | None = None) -> Edges:
    """The relations that pass a failure on between these items, for pictures. One statement."""
    keys = set(pks)
    found = _passing(at).filter(source__in=keys, target__in=keys)
    return list(found.values_list("type", "source_id", "target_id"))


def _passing(at: datetime | None) -> Any:
    held = Relation.objects.in_force(at).order_by()
    kinds = (*FAILS_WITH_TARGET, RelationType.MEMBER_OF)
    connected = held.filter(type=RelationType.CONNECTED_TO, passes_failure=True)
    return held.filter(type__in=kinds) | connected


def _edges(at: datetime | None) -> Edges:
    """Every relation that can pass a failure on. One statement."""
    return list(_passing(at).values_list("type", "source_id", "target_id"))


def _healthy(edges: Edges, at: datetime | None) -> set[int]:
    """Those members of clusters that are in use; at `at`, by their history. At most two."""
    members = {source for kind, source, _target in edges if kind == _MEMBER}
    if not members:
        return set()
    statuses = dict(_some(members).values_list("pk", "status"))
    if at is not None:
        changes = ItemEvent.objects.filter(at__gt=at, data__changes__has_key="status")
        if len(members) <= _MOST_NAMED:
            changes = changes.filter(item__in=members)
        # The latest first, so that the value before the earliest one stays.
        for pk, data in changes.order_by("-at", "-pk").values_list("item_id", "data"):
            statuses[pk] = data["changes"]["status"][0]
    return {pk for pk in members if statuses.get(pk) == Status.IN_USE}


def _fall(start: int, edges: Edges, healthy: set[int]) -> _Walk:
    """Let `start` fail and see what follows."""
    # Places in `edges`: many pairs would keep the collector of garbage busy.
    onward: dict[int, list[int]] = defaultdict(list)
    clusters: dict[int, list[int]] = defaultdict(list)
    left: dict[int, int] = defaultdict(int)
    for place, (kind, source, target) in enumerate(edges):
        if kind == _MEMBER:
            clusters[source].append(target)
            left[target] += source in healthy
            continue
        onward[target].append(place)
        if kind == _CONNECTED:
            onward[source].append(place)
    walk = _Walk({start: (0, None, "")})
    reached, queue = walk.reached, deque([start])
    while queue:
        present = queue.popleft()
        level = reached[present][0] + 1
        for place in onward.get(present, ()):
            kind, source, target = edges[place]
            other = source if target == present else target
            if other not in reached:
                reached[other] = (level, present, kind)
                queue.append(other)
        for cluster in clusters.get(present, ()):
            left[cluster] -= present in healthy
            if cluster in reached:
                continue
            if left[cluster] <= 0:
                reached[cluster] = (level, present, _MEMBER)
                queue.append(cluster)
            else:
                walk.spared[cluster] = (level, present, _MEMBER, left[cluster])
    for fallen in reached.keys() & walk.spared.keys():
        del walk.spared[fallen]
    return walk


def _some(pks: set[int]) -> Any:
    """These items; all of them when there are too many to name."""
    items = ConfigurationItem.objects.order_by()
    return items.filter(pk__in=pks) if len(pks) <= _MOST_NAMED else items


def _named(
    item: ConfigurationItem, walk: _Walk, at: datetime | None, *, with_services: bool
) -> Impact:
    """The findings with their names. One statement; one more for services."""
    wanted = {item.pk, *walk.reached, *walk.spared}
    columns = ("pk", "name", "item_class__name", "item_class__icon", "status", "criticality")
    rows: dict[int, Any] = {row[0]: row for row in _some(wanted).values_list(*columns)}

    def hit(pk: int, level: int, via: int | None, kind: str, healthy: int | None = None) -> Hit:
        return Hit(*rows[pk], level, via, kind, healthy)

    found = tuple(hit(pk, *walk.reached[pk]) for pk in walk.reached if pk != item.pk and pk in rows)
    return Impact(
        start=hit(item.pk, 0, None, ""),
        items=found,
        services=_services(walk, at) if with_services else (),
        spared=tuple(hit(pk, *steps) for pk, steps in walk.spared.items() if pk in rows),
        at=at,
    )


def _services(walk: _Walk, at: datetime | None) -> tuple[ServiceHit, ...]:
    """The services that the reached items provide, each once, over the nearest. Two statements."""
    provided = Relation.objects.in_force(at).filter(type=RelationType.PROVIDES).order_by()
    if len(walk.reached) <= _MOST_NAMED:
        provided = provided.filter(source__in=list(walk.reached))
    via: dict[int, int] = {}
    pairs = provided.values_list("source_id", Coalesce("service_id", "offering__service_id"))
    for source, service in sorted(
        (pair for pair in pairs if pair[0] in walk.reached),
        key=lambda pair: (walk.reached[pair[0]][0], pair),
    ):
        via.setdefault(service, source)
    services = Service.objects.filter(pk__in=via).order_by("criticality", "name")
    return tuple(
        ServiceHit(pk, name, criticality, walk.reached[via[pk]][0] + 1, via[pk])
        for pk, name, criticality in services.values_list("pk", "name", "criticality")
    )
