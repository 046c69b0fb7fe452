"""What fails when an item fails, and what an item needs (domain section 1).

Impact runs from what is depended upon to the dependant. A cluster falls when none of its members
is healthy any more: in use, and not failed itself. What is connected falls with the other end only
where the relation says so. Cycles end, because nothing fails twice.

However large the estate is, the number of statements stays the same: the relations are read whole
and lean, and what was found is named in one more. Rows pass through one by one, and what is kept of
them keeps the collector of garbage out: going through all of a worker takes longer than the walk.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Set
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
# Rows that are in memory at a time.
_CHUNK = 1000
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


# From an item the next ones, each with the type of the relation to it. The inner dictionaries hold
# numbers and text alone: the collector of garbage leaves those out, as it would no list.
Ways = dict[int, dict[int, str]]


@dataclass
class _Walk:
    """Which items were reached, in order: the level, the item before and the relation of each."""

    level: dict[int, int] = field(default_factory=dict)
    via: dict[int, int | None] = field(default_factory=dict)
    kind: dict[int, str] = field(default_factory=dict)
    # Of clusters that stand: as above, and how many healthy members are left.
    spared: dict[int, tuple[int, int, str, int]] = field(default_factory=dict)

    def reach(self, pk: int, via: int | None, kind: str) -> None:
        self.level[pk] = 0 if via is None else self.level[via] + 1
        self.via[pk] = via
        self.kind[pk] = kind


def what_fails(item: ConfigurationItem, at: datetime | None = None) -> Impact:
    """What fails with `item`: items, the services they provide, and the clusters that stand.

    `at` asks for a past moment: the relations and the health of the members of then. Five
    statements at most.
    """
    onward, clusters = _ways_of_failure(at)
    walk = _fall(item.pk, onward, clusters, _healthy(clusters.keys(), at))
    return _named(item, walk, at, with_services=True)


def what_it_needs(item: ConfigurationItem, at: datetime | None = None) -> Impact:
    """What `item` needs, the other way round: a cluster needs its members. Two statements."""
    walk = _fall(item.pk, _ways_of_need(at), {}, set())
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


def _edges(at: datetime | None) -> Iterator[tuple[str, int, int]]:
    """Every relation that can pass a failure on. One statement."""
    edges = _passing(at).values_list("type", "source_id", "target_id")
    found: Iterator[tuple[str, int, int]] = edges.iterator(chunk_size=_CHUNK)
    return found


def _ways_of_failure(at: datetime | None) -> tuple[Ways, Ways]:
    """From what is depended upon to the dependant, and from members to their clusters, which stand
    as long as one of them does. One statement.
    """
    onward: Ways = defaultdict(dict)
    clusters: Ways = defaultdict(dict)
    for kind, source, target in _edges(at):
        if kind == _MEMBER:
            clusters[source][target] = kind
            continue
        onward[target].setdefault(source, kind)
        if kind == _CONNECTED:
            onward[source].setdefault(target, kind)
    return onward, clusters


def _ways_of_need(at: datetime | None) -> Ways:
    """From the dependant to what it depends on, from a cluster to its members. One statement."""
    onward: Ways = defaultdict(dict)
    for kind, source, target in _edges(at):
        if kind == _MEMBER:
            onward[target].setdefault(source, kind)
            continue
        onward[source].setdefault(target, kind)
        if kind == _CONNECTED:
            onward[target].setdefault(source, kind)
    return onward


def _healthy(members: Set[int], at: datetime | None) -> set[int]:
    """Those of the members that are in use; at `at`, by their history. At most two statements."""
    if not members:
        return set()
    if at is None:
        in_use = _some(members).filter(status=Status.IN_USE).values_list("pk", flat=True)
        return set(members) & set(in_use)
    statuses = dict(_some(members).values_list("pk", "status"))
    changes = ItemEvent.objects.filter(at__gt=at, data__changes__has_key="status")
    if len(members) <= _MOST_NAMED:
        changes = changes.filter(item__in=members)
    # The latest first, so that the value before the earliest one stays.
    for pk, data in changes.order_by("-at", "-pk").values_list("item_id", "data"):
        statuses[pk] = data["changes"]["status"][0]
    return {pk for pk in members if statuses.get(pk) == Status.IN_USE}


def _fall(start: int, onward: Ways, clusters: Ways, healthy: set[int]) -> _Walk:
    """Let `start` fail and see what follows, the nearest first."""
    left = Counter(cluster for pk in healthy for cluster in clusters[pk])
    walk = _Walk()
    walk.reach(start, None, "")
    reached, queue = walk.level, deque([start])
    while queue:
        present = queue.popleft()
        for other, kind in onward.get(present, {}).items():
            if other not in reached:
                walk.reach(other, present, kind)
                queue.append(other)
        for cluster, kind in clusters.get(present, {}).items():
            left[cluster] -= present in healthy
            if cluster in reached:
                continue
            if left[cluster] <= 0:
                walk.reach(cluster, present, kind)
                queue.append(cluster)
            else:
                walk.spared[cluster] = (reached[present] + 1, present, kind, left[cluster])
    for fallen in reached.keys() & walk.spared.keys():
        del walk.spared[fallen]
    return walk


def _some(pks: Set[int]) -> Any:
    """These items; all of them when there are too many to name."""
    items = ConfigurationItem.objects.order_by()
    return items.filter(pk__in=pks) if len(pks) <= _MOST_NAMED else items


def _named(
    item: ConfigurationItem, walk: _Walk, at: datetime | None, *, with_services: bool
) -> Impact:
    """The findings with their names. One statement; one more for services."""
    wanted = walk.level.keys() | walk.spared.keys()
    columns = ("pk", "name", "item_class__name", "item_class__icon", "status", "criticality")
    hits: dict[int, Hit] = {}
    for row in _some(wanted).values_list(*columns).iterator(chunk_size=_CHUNK):
        pk = row[0]
        if pk in walk.level:
            hits[pk] = Hit(*row, walk.level[pk], walk.via[pk], walk.kind[pk])
        elif pk in walk.spared:
            hits[pk] = Hit(*row, *walk.spared[pk])
    start = hits.pop(item.pk)
    return Impact(
        start=start,
        items=tuple(hits[pk] for pk in walk.level if pk in hits),
        services=_services(walk, at) if with_services else (),
        spared=tuple(hits[pk] for pk in walk.spared if pk in hits),
        at=at,
    )


def _services(walk: _Walk, at: datetime | None) -> tuple[ServiceHit, ...]:
    """The services that the reached items provide, each once, over the nearest. Two statements."""
    provided = Relation.objects.in_force(at).filter(type=RelationType.PROVIDES).order_by()
    if len(walk.level) <= _MOST_NAMED:
        provided = provided.filter(source__in=list(walk.level))
    via: dict[int, int] = {}
    pairs = provided.values_list("source_id", Coalesce("service_id", "offering__service_id"))
    for source, service in sorted(
        (pair for pair in pairs if pair[0] in walk.level),
        key=lambda pair: (walk.level[pair[0]], pair),
    ):
        via.setdefault(service, source)
    services = Service.objects.filter(pk__in=via).order_by("criticality", "name")
    return tuple(
        ServiceHit(pk, name, criticality, walk.level[via[pk]] + 1, via[pk])
        for pk, name, criticality in services.values_list("pk", "name", "criticality")
    )
