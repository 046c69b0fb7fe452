"""What stands against the windows of changes (`CHG-3`): found, not stored.

The number of statements does not grow with the number of changes. Windows are half-open, so that
one that begins when another ends does not disturb it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from itil.changes.hours import Span, covers, merged, overlap
from itil.changes.lifecycle import UNDONE, UPCOMING, Status
from itil.changes.models import (
    Change,
    Conflict,
    ConflictKind,
    ConflictSeverity,
    FreezeWindow,
    MaintenanceWindow,
)
from itil.cmdb.models import Relation, RelationType

from .windows import (
    MOST_NAMED,
    Item,
    Scoped,
    among,
    exemptions_of,
    facts_of,
    is_exempt,
    items_of,
    scoped,
)

# Of which changes conflicts are told; they are compared with those that are `UPCOMING`.
CHECKED = (*UNDONE, Status.IMPLEMENTATION)
# One hop up or down these is near enough to disturb.
NEAR = (
    RelationType.DEPENDS_ON,
    RelationType.RUNS_ON,
    RelationType.HOSTED_ON,
    RelationType.CONTAINED_IN,
    RelationType.MEMBER_OF,
)


@dataclass(frozen=True)
class Found:
    """One conflict, as a row of `Conflict` holds it."""

    change_id: int
    kind: str
    severity: str
    starts_at: datetime
    ends_at: datetime
    other_id: int | None = None
    item_id: int | None = None
    other_item_id: int | None = None
    count: int = 1
    person_id: int | None = None
    freeze_id: int | None = None


def key_of(row: Found | Conflict) -> tuple[int, str, int, int]:
    """What stands once at a time."""
    return (row.change_id, str(row.kind), row.other_id or 0, row.freeze_id or 0)


def substance_of(row: Found | Conflict) -> tuple[Any, ...]:
    """What an acknowledgement was given for: when this is another, so is the conflict."""
    return (
        row.starts_at,
        row.ends_at,
        row.item_id,
        row.other_item_id,
        row.count,
        row.person_id,
    )


def blocking(change: Change) -> list[Conflict]:
    """The conflicts that keep this change from being scheduled or started."""
    return list(Conflict.objects.blocking().filter(change=change).with_names())


def unaccepted(change: Change) -> list[Conflict]:
    """Warnings about this change that no change manager has accepted yet."""
    return list(Conflict.objects.unaccepted().filter(change=change).with_names())


@dataclass
class _Plans:
    """Planned changes with what they touch, by key."""

    changes: dict[int, Change]
    items: dict[int, list[Item]]
    people: dict[int, set[int]] = field(default_factory=dict)

    def span(self, pk: int) -> Span:
        change = self.changes[pk]
        return change.planned_start, change.planned_end


def planned() -> Any:
    """The changes that have a window and may still be carried out in it."""
    return Change.objects.filter(
        status__in=CHECKED, planned_start__isnull=False, planned_end__isnull=False
    )


def find(subjects: Collection[int], severities: Mapping[str, str]) -> list[Found]:
    """Every conflict of these changes, and those that others have with them."""
    plans = _read(subjects)
    own = [pk for pk in plans.changes if pk in subjects]
    if not own:
        return []
    found = [*_pairs(plans, set(own)), *_by_windows(plans, own)]
    ignored = ConflictSeverity.IGNORE
    return [
        Found(**one, severity=severities[one["kind"]])
        for one in found
        if severities[one["kind"]] != ignored
    ]


def _read(subjects: Collection[int]) -> _Plans:
    """The subjects that are planned, and all that overlap with one of them. Four statements."""
    columns = ("template",)
    named = list(
        planned().filter(pk__in=among(subjects)).values_list("planned_start", "planned_end")
    )
    if not named:
        return _Plans({}, {})
    start, end = min(low for low, _high in named), max(high for _low, high in named)
    near = (
        planned().overlapping(start, end).select_related(*columns).order_by("planned_start", "pk")
    )
    changes = {change.pk: change for change in near}
    people: dict[int, set[int]] = defaultdict(set)
    for change in changes.values():
        if change.assignee_id:
            people[change.pk].add(change.assignee_id)
    rows = Change.implementers.through.objects.filter(change__in=among(changes))
    for change, person in rows.values_list("change_id", "user_id"):
        people[change].add(person)
    return _Plans(changes, items_of(changes), people)


# --- Changes that disturb each other -------------------------------------------------------------


def _pairs(plans: _Plans, subjects: set[int]) -> Iterator[dict[str, Any]]:
    """Conflicts between two changes, told to each of them against what is upcoming."""
    by_item: dict[int, list[int]] = defaultdict(list)
    by_person: dict[int, list[int]] = defaultdict(list)
    names = {}
    for pk in plans.changes:
        for item in plans.items.get(pk, ()):
            by_item[item.pk].append(pk)
            names[item.pk] = item.name
        for person in plans.people.get(pk, ()):
            by_person[person].append(pk)

    same: dict[tuple[int, int], list[int]] = defaultdict(list)
    for item, group in by_item.items():
        for one, other in _meeting(plans, group, subjects):
            same[one, other].append(item)
    for (one, other), items in same.items():
        first = min(items, key=names.__getitem__)
        yield from _told(plans, one, other, ConflictKind.SAME_CI, (first, first), len(items))

    related: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for source, target in _relations(by_item):
        for one in by_item[source]:
            for other in by_item[target]:
                if one == other or not (one in subjects or other in subjects):
                    continue
                pair = (min(one, other), max(one, other))
                # Who changes the same item need not be told that others depend on it.
                if pair not in same and overlap(plans.span(one), plans.span(other)):
                    ends = (source, target) if pair[0] == one else (target, source)
                    related[pair].add(ends)
    for (one, other), ends in related.items():
        first = min(ends, key=lambda pair: (names[pair[0]], names[pair[1]]))
        yield from _told(plans, one, other, ConflictKind.RELATED_CI, first, len(ends))

    people: dict[tuple[int, int], list[int]] = defaultdict(list)
    for person, group in by_person.items():
        for pair in _meeting(plans, group, subjects):
            people[pair].append(person)
    for (one, other), persons in people.items():
        for row in _told(plans, one, other, ConflictKind.SAME_ASSIGNEE, (None, None), len(persons)):
            yield row | {"person_id": min(persons)}


def _meeting(plans: _Plans, group: list[int], subjects: set[int]) -> Iterator[tuple[int, int]]:
    """Pairs of this group that overlap and of which one is a subject, the smaller key first.

    The group is in order of start: who has ended before a start is out of it for good.
    """
    running: list[int] = []
    for pk in group:
        start = plans.changes[pk].planned_start
        running = [one for one in running if plans.changes[one].planned_end > start]
        for one in running:
            if one in subjects or pk in subjects:
                yield min(one, pk), max(one, pk)
        running.append(pk)


def _relations(by_item: Mapping[int, Any]) -> list[tuple[int, int]]:
    """The relations between items that are both changed. One statement."""
    rows = Relation.objects.in_force().filter(type__in=NEAR).order_by()
    if len(by_item) <= MOST_NAMED:
        rows = rows.filter(source__in=list(by_item), target__in=list(by_item))
    pairs = rows.values_list("source_id", "target_id")
    return [pair for pair in pairs if pair[0] in by_item and pair[1] in by_item]


def _told(
    plans: _Plans,
    one: int,
    other: int,
    kind: str,
    items: tuple[int | None, int | None],
    count: int,
) -> Iterator[dict[str, Any]]:
    """The conflict from both ends, where the other end is upcoming."""
    shared = overlap(plans.span(one), plans.span(other))
    for change, against, ends in ((one, other, items), (other, one, items[::-1])):
        if plans.changes[against].status in UPCOMING:
            yield {
                "change_id": change,
                "other_id": against,
                "kind": kind,
                "item_id": ends[0],
                "other_item_id": ends[1],
                "count": count,
                "starts_at": shared[0],
                "ends_at": shared[1],
            }


# --- Freezes and maintenance windows -------------------------------------------------------------


def _by_windows(plans: _Plans, subjects: list[int]) -> Iterator[dict[str, Any]]:
    """Changes in a freeze, and those not wholly inside the maintenance windows they have."""
    start = min(plans.span(pk)[0] for pk in subjects)
    end = max(plans.span(pk)[1] for pk in subjects)
    freezes = scoped(FreezeWindow, start, end)
    upkeep = scoped(MaintenanceWindow, start, end)
    if not freezes and not upkeep:
        return
    rows = [plans.changes[pk] for pk in subjects]
    facts = facts_of(rows, plans.items)
    exemptions = exemptions_of(subjects) if freezes else set()
    spans = {id(one): merged(one.spans) for one in (*freezes, *upkeep)}
    for change in rows:
        span = (change.planned_start, change.planned_end)
        for freeze in freezes:
            hit = _first_hit(spans[id(freeze)], span)
            if not hit or not freeze.fits(facts[change.pk]):
                continue
            if not is_exempt(change, freeze.window.pk, exemptions):
                yield {
                    "change_id": change.pk,
                    "kind": ConflictKind.FREEZE,
                    "freeze_id": freeze.window.pk,
                    "starts_at": hit[0],
                    "ends_at": hit[1],
                }
        if _is_outside(upkeep, facts[change.pk], spans, span):
            yield {
                "change_id": change.pk,
                "kind": ConflictKind.OUTSIDE,
                "starts_at": span[0],
                "ends_at": span[1],
            }


def _first_hit(spans: list[Span], wanted: Span) -> Span | None:
    """The first part of `wanted` inside one of these spans, which are apart and in order."""
    i = bisect_right(spans, wanted[0], key=lambda span: span[1])
    return overlap(spans[i], wanted) if i < len(spans) else None


def _is_outside(
    upkeep: list[Scoped], facts: Any, spans: Mapping[int, list[Span]], wanted: Span
) -> bool:
    """There are recurring windows for changes like this one, and its own is not inside them.

    Windows that come once oblige nobody, yet who is inside one is inside.
    """
    fitting = [one for one in upkeep if one.fits(facts)]
    if not any(one.obliges(wanted) for one in fitting):
        return False
    near: list[Span] = []
    for one in fitting:
        own = spans[id(one)]
        i = bisect_right(own, wanted[0], key=lambda span: span[1])
        while i < len(own) and own[i][0] < wanted[1]:
            near.append(own[i])
            i += 1
    return not covers(near, wanted)
