"""The facts that the risk of a change goes by (`CHG-7`)."""

from datetime import datetime, timedelta

from itil.changes.definition import Facts
from itil.changes.models import Change
from itil.cmdb.impact import what_fails
from itil.services.models import Service

# How far back earlier changes of the items count.
LOOKS_BACK = timedelta(days=365)


def facts_of(change: Change, at: datetime) -> Facts:
    """What is known about its services, its items and what became of earlier changes of them."""
    links = list(change.item_links.select_related("item"))
    keys = {link.item_id for link in links}
    dependants: set[int] = set()
    services = set(change.affected_services.values_list("pk", flat=True))
    if change.service_id is not None:
        services.add(change.service_id)
    for link in links:
        impact = what_fails(link.item)
        dependants |= {hit.pk for hit in impact.items}
        services |= {hit.pk for hit in impact.services}
    criticality = (
        Service.objects.filter(pk__in=services)
        .order_by("criticality")
        .values_list("criticality", flat=True)
        .first()
    )
    earlier = (
        Change.objects.filter(item_links__item__in=keys, closed_at__gt=at - LOOKS_BACK)
        .exclude(outcome="")
        .exclude(pk=change.pk)
        .distinct()
    )
    return Facts(
        criticality=criticality,
        services=len(services),
        dependants=len(dependants - keys),
        past_changes=earlier.count(),
        past_failures=earlier.went_wrong().count(),
        is_back_out_tested=change.is_back_out_tested,
    )
