"""What the demo company changed in the last three months."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType, Outcome, Status
from itil.changes.models import Change
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Channel, EventKind, ItemRole, TicketEvent, TicketItem
from itil.tickets.numbering import reserve_numbers

from .boards import Stage

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

PAST = (
    "Replace a fan in the server room",
    "Update the mail gateway",
    "New certificate for the shop",
    "Extend the warehouse radio",
    "Tidy up old mailboxes",
    "Update the printer drivers",
    "New firewall rule for payroll",
    "Database index for the route planner",
)


def tell_past(stage: Stage, number: int) -> None:
    """What was done in the last three months, as `number` rows: closed, with what came of it."""
    agents = [agent for team in stage.company.agents.values() for agent in team]
    services = [one for one in stage.company.services.values() if one.team is not None]
    outcomes = _outcomes()
    for place, key in enumerate(reserve_numbers("CHG", number)):
        start = stage.now - timedelta(days=88 - 2 * place, hours=place % 5)
        service = services[place % len(services)]
        owner = stage.company.agents[service.team.name][0] if service.team else agents[0]
        outcome = next(outcomes)
        change = Change.objects.create(
            number=key,
            kind="change",
            title=PAST[place % len(PAST)],
            status=Status.CLOSED,
            phase=Phase.DONE,
            priority=4,
            channel=Channel.DESK,
            requester=owner,
            organization=stage.company.provider,
            team=service.team,
            assignee=owner,
            service=service,
            received_at=start - 5 * DAY,
            opened_at=start - 5 * DAY,
            updated_at=start + DAY,
            closed_at=start + DAY,
            change_type=ChangeType.NORMAL,
            risk=(Risk.LOW, Risk.LOW, Risk.MEDIUM)[place % 3],
            reason="It was due.",
            plan="As always.",
            test_plan="As always.",
            back_out_plan="Put the copy back.",
            planned_start=start,
            planned_end=start + 2 * HOUR,
            authorized_at=start - DAY,
            actual_start=start,
            actual_end=start + HOUR,
            outcome=outcome,
            items_updated_at=start + HOUR,
        )
        TicketEvent.objects.create(
            ticket=change,
            kind=EventKind.OPENED,
            actor=owner,
            at=change.received_at,
            data={"status": "draft", "phase": "open", "priority": 4, "terms": []},
        )
        TicketEvent.objects.create(
            ticket=change,
            kind=EventKind.MOVED,
            actor=stage.manager,
            at=change.closed_at,
            data={
                "verb": "close",
                "from": "review",
                "to": "closed",
                "from_phase": "open",
                "to_phase": "done",
                "marks": "closed",
                "side": "staff",
            },
        )
        items = stage.items_of(service.team.name if service.team else "")
        if items:
            TicketItem.objects.create(
                ticket=change,
                item=items[place % len(items)],
                role=ItemRole.CHANGED,
                added_at=change.received_at,
                added_by=owner,
            )


def _outcomes() -> Iterator[str]:
    """Most went well; every ninth had issues, every seventeenth failed."""
    for place in count(1):
        if place % 17 == 0:
            yield Outcome.FAILED
        elif place % 9 == 0:
            yield Outcome.SUCCESSFUL_WITH_ISSUES
        else:
            yield Outcome.SUCCESSFUL
