"""When else a change could be carried out without a conflict."""

from collections import defaultdict
from datetime import datetime, timedelta

from itil.changes.hours import Span, free_slots, merged, nearest, overlap
from itil.changes.models import Change, FreezeWindow, MaintenanceWindow
from itil.cmdb.models import Relation
from itil.tickets.models import TicketItem

from .conflicts import NEAR
from .windows import exemptions_of, facts_of, is_exempt, scoped

# How far around the planned window is looked, and how many slots are offered.
AROUND = timedelta(days=7)
MOST = 3
# What is free for days begins at a full hour of its first day; so much of it is shown.
STEP = timedelta(minutes=30)


def slots_for(change: Change, now: datetime) -> list[Span]:
    """Free times nearby, as long as the change is planned for, the nearest first.

    Free of other upcoming changes to its items and those next to them and of its people, free of
    freezes, and inside its maintenance windows where it has some.
    """
    if change.planned_start is None or change.planned_end is None:
        return []
    length = change.planned_end - change.planned_start
    start = max(now, change.planned_start - AROUND)
    within = (_rounded(start), change.planned_end + AROUND)
    if within[0] >= within[1]:
        return []
    facts = facts_of([change])[change.pk]
    exemptions = exemptions_of({change.pk})
    busy = _occupied(change, within)
    for freeze in scoped(FreezeWindow, *within):
        if freeze.fits(facts) and not is_exempt(change, freeze.window.pk, exemptions):
            busy += freeze.spans
    upkeep = [one for one in scoped(MaintenanceWindow, *within) if one.fits(facts)]
    allowed = [within]
    if any(one.obliges(within) for one in upkeep):
        spans = merged(span for one in upkeep for span in one.spans)
        allowed = [seen for span in spans if (seen := overlap(span, within))]
    gaps = [gap for part in allowed for gap in free_slots(busy, part, length)]
    return nearest([_cut(gap, length, change.planned_start) for gap in gaps], change.planned_start)[
        :MOST
    ]


def _occupied(change: Change, within: Span) -> list[Span]:
    """The windows of upcoming changes that this one must not meet. Three statements."""
    items = set(TicketItem.objects.filter(ticket=change).values_list("item_id", flat=True))
    beside: dict[int, set[int]] = defaultdict(set)
    relations = Relation.objects.in_force().filter(type__in=NEAR).order_by()
    touching = relations.filter(source__in=items) | relations.filter(target__in=items)
    for source, target in touching.values_list("source_id", "target_id"):
        beside[source].add(target)
        beside[target].add(source)
    near = items.union(*(beside[item] for item in items)) if items else set()
    others = Change.objects.upcoming().overlapping(*within).exclude(pk=change.pk).order_by()
    people = set(change.implementer_ids) | ({change.assignee_id} - {None})
    disturbing = (
        others.filter(item_links__item__in=near)
        | others.filter(assignee__in=people)
        | others.filter(implementers__in=people)
    )
    return list(disturbing.distinct().values_list("planned_start", "planned_end"))


def _cut(gap: Span, length: timedelta, wanted: datetime) -> Span:
    """The part of a gap that is nearest to the wanted start."""
    start = min(max(gap[0], wanted), gap[1] - length)
    return start, start + length


def _rounded(moment: datetime) -> datetime:
    """The next full or half hour."""
    over = (moment.minute * 60 + moment.second) % int(STEP.total_seconds())
    plain = moment.replace(second=0, microsecond=0)
    if not over and plain == moment:
        return moment
    return plain + STEP - timedelta(minutes=moment.minute % 30)
