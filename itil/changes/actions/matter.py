"""What those who decide on a change see, frozen when they are asked (`APP-9`)."""

from django.utils.translation import gettext as _

from itil.approvals.matter import Matter
from itil.changes.models import Change


def matter_of(change: Change) -> Matter:
    """The change as it is now. Neither its owner, its implementers nor who opened it decide."""
    told = [
        (_("Type"), str(change.get_change_type_display())),
        (_("Risk"), str(change.get_risk_display() or "–")),
        (_("Service"), _services(change)),
        (
            _("Items"),
            ", ".join(str(link.item) for link in change.item_links.select_related("item")),
        ),
        (_("Implementation plan"), change.plan),
        (_("Test plan"), change.test_plan),
        (_("Back-out plan"), change.back_out_plan),
        (_("Communication plan"), change.communication_plan),
        (_("Why it cannot wait"), change.urgency_reason),
        (_("Conflicts"), str(change.get_conflict_status_display())),
    ]
    people = set(change.implementer_ids)
    if change.assignee_id is not None:
        people.add(change.assignee_id)
    return Matter(
        title=f"{change.number} {change.title}"[:250],
        requester_id=change.requester_id,
        lines=tuple((label, text) for label, text in told if text),
        reason=change.reason,
        starts_at=change.planned_start,
        ends_at=change.planned_end,
        barred=tuple(sorted(people)),
        service_id=change.service_id,
        url=change.sheet_url,
    )


def _services(change: Change) -> str:
    names = [str(change.service)] if change.service else []
    return ", ".join([*names, *(str(one) for one in change.affected_services.all())])
