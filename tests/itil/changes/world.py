"""The people, boards and rules that stories of changes need beside the cast."""

from dataclasses import dataclass
from datetime import timedelta

from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalPolicy, PolicyStep, Source, Vote
from itil.approvals.voting import RuleKind
from itil.changes import actions
from itil.changes.actions.conflicts import acknowledge
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.models import AdvisoryBoard, Authority, BoardMember, BoardRule, Change
from portal.people.models import Membership, Role, User
from portal.worker.dispatch import dispatch_events
from tests.cast import MONDAY, Cast, person

HOUR = timedelta(hours=1)
START = MONDAY + timedelta(days=3)
PLANS = {
    "reason": "The switch is old.",
    "plan": "Swap it.",
    "test_plan": "Ping through it.",
    "back_out_plan": "Put the old one back.",
    "planned_start": START,
    "planned_end": START + 2 * HOUR,
}


@dataclass
class World:
    """Chas manages changes; Pia and Quinn sit on the board with Ruth, its chair, who is no agent;
    Eve is the emergency board. Bo owns changes, Ned carries them out.
    """

    cast: Cast
    chas: User
    pia: User
    quinn: User
    ruth: User
    eve: User
    cab: AdvisoryBoard
    ecab: AdvisoryBoard
    peers: ApprovalPolicy
    board_policy: ApprovalPolicy


def build(cast: Cast) -> World:
    halden = cast.halden
    chas, pia, quinn = (person(name, halden) for name in ("Chas", "Pia", "Quinn"))
    ruth, eve = person("Ruth", halden), person("Eve", halden)
    Membership.objects.bulk_create(
        [
            Membership(user=chas, role=Role.CHANGE_MANAGER),
            Membership(user=pia, role=Role.AGENT, team=cast.network_team),
            Membership(user=quinn, role=Role.LEAD, team=cast.network_team),
        ]
    )
    cab = AdvisoryBoard.objects.create(name="CAB", rule=RuleKind.QUORUM, number=2)
    ecab = AdvisoryBoard.objects.create(
        name="Emergency board", kind=AdvisoryBoard.Kind.ECAB, rule=RuleKind.ANY
    )
    BoardMember.objects.bulk_create(
        [
            BoardMember(board=cab, user=pia),
            BoardMember(board=cab, user=quinn),
            BoardMember(board=cab, user=ruth, is_chair=True),
            BoardMember(board=ecab, user=eve),
        ]
    )
    BoardRule.objects.bulk_create([BoardRule(board=cab), BoardRule(board=ecab)])
    peers = ApprovalPolicy.objects.create(name="Peers")
    PolicyStep.objects.create(
        policy=peers, label="Peer", source=Source.HOLDING_TEAM, rule=RuleKind.ANY
    )
    policy = ApprovalPolicy.objects.create(name="Board")
    PolicyStep.objects.create(policy=policy, label="Board", source=Source.BOARD)
    for kind in (ChangeType.NORMAL, ChangeType.EMERGENCY):
        for risk in Risk:
            Authority.objects.create(
                change_type=kind,
                risk=risk,
                policy=policy,
                peer_policy=peers if kind == ChangeType.NORMAL else None,
            )
    return World(cast, chas, pia, quinn, ruth, eve, cab, ecab, peers, policy)


def react() -> None:
    """What the worker makes of all that has happened."""
    while dispatch_events():
        pass


def draft(world: World, **changes) -> Change:
    """Bo plans to swap a switch on Thursday; Ned will do it."""
    more = changes.pop("columns", {})
    return actions.open_change(
        **{
            "by": world.cast.bo,
            "title": "Swap the switch",
            "service": world.cast.mail_service,
            "team": world.cast.network_team,
            "implementers": [world.cast.ned],
            "columns": PLANS | more,
            "at": MONDAY,
        }
        | changes
    )


def emergency(world: World, **changes) -> Change:
    columns = {"urgency_reason": "It burns.", "security_reason": "Open to everybody."}
    return draft(
        world,
        change_type=ChangeType.EMERGENCY,
        columns=columns | changes.pop("columns", {}),
        **changes,
    )


def vote(change: Change, person: User, decision: str = "approved", *, at, reason: str = "") -> None:
    """Give the vote that is asked of `person` about `change`, and hear the decision."""
    found = Vote.objects.waiting().get(step__process__ticket=change.pk, voter=person)
    approvals.vote(found, decision, by=person, at=at, reason=reason)
    actions.decided(change, reason=reason, at=at)


def assessed(world: World, **changes) -> Change:
    """Sent to assessment, and looked at by Pia of the team."""
    change = draft(world, **changes)
    actions.move(change, "submit", by=world.cast.bo, at=MONDAY)
    vote(change, world.pia, at=MONDAY)
    return change


def asked(world: World, **changes) -> Change:
    change = assessed(world, **changes)
    for conflict in change.conflicts.filter(gone_at__isnull=True, acknowledged_at__isnull=True):
        acknowledge(conflict, by=world.chas, note="They know of each other.", at=MONDAY)
    return actions.move(change, "ask_authority", by=world.chas, at=MONDAY)


def scheduled(world: World, **changes) -> Change:
    change = asked(world, **changes)
    for person_ in (world.quinn, world.ruth):
        vote(change, person_, at=MONDAY)
    return change


def started(world: World, **changes) -> Change:
    change = scheduled(world, **changes)
    return actions.move(change, "start", by=world.cast.ned, at=START)


def finished(world: World, outcome: str = "successful", **changes) -> Change:
    change = started(world, **changes)
    values = {"outcome": outcome, "note": "Done."}
    return actions.move(change, "finish", by=world.cast.ned, values=values, at=START + HOUR)
