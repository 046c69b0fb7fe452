"""Who decides on the changes of the demo company, and by which rules."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from itil.approvals import actions as approvals
from itil.approvals.models import ApprovalPolicy, PolicyStep, Source
from itil.approvals.voting import RuleKind
from itil.changes import actions
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.models import (
    AdvisoryBoard,
    Authority,
    BoardMember,
    BoardRule,
    ChangeTemplate,
    RiskFormula,
    RiskQuestion,
)
from itil.cmdb.models import ConfigurationItem
from portal.people.models import Membership, Role, User

from .company import Company
from .stories import ZONE_INFO

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

QUESTIONS = (
    ("How many people notice it when it fails?", "Nobody = 0\nA team = 10\nEverybody = 30"),
    ("Has it been done here before?", "Often = 0\nOnce or twice = 10\nNever = 20"),
    ("How long does backing out take?", "Minutes = 0\nHours = 15\nIt cannot be undone = 40"),
)
# Name, plan, days until its review.
TEMPLATES = (
    ("Patch a server", "Move the load away, patch, restart, move the load back.", 200),
    ("Add a mailbox", "Create the mailbox, set its quota, tell its owner.", 120),
    ("Renew a certificate", "Order it, install it on the gateway, restart the service.", 90),
    ("Replace a network switch", "Copy the configuration, swap the switch, test each port.", 60),
)


@dataclass
class Stage:
    """Who plays which part."""

    company: Company
    now: datetime
    manager: User
    chair: User
    members: list[User]
    emergency: User
    items: dict[str, list[ConfigurationItem]]
    cab: AdvisoryBoard
    ecab: AdvisoryBoard

    def items_of(self, team: str) -> list[ConfigurationItem]:
        """What the team looks after; of a team without any, what nobody in particular does."""
        return self.items.get(team) or self.items.get("", [])


def set_stage(company: Company, now: datetime) -> Stage:
    people = {user.name: user for user in User.objects.filter(organization__isnull=False)}
    manager = people["Kenji Mori"]
    Membership.objects.create(user=manager, role=Role.CHANGE_MANAGER)
    chair, emergency = people["Pavel Sokolov"], people["Ingrid Bos"]
    members = [people["Sanne de Wit"], people["Anna Lind"], emergency]
    cab = AdvisoryBoard.objects.create(name="Change advisory board", number=50)
    ecab = AdvisoryBoard.objects.create(
        name="Emergency board", kind=AdvisoryBoard.Kind.ECAB, rule=RuleKind.ANY
    )
    BoardMember.objects.bulk_create(
        [
            BoardMember(board=cab, user=chair, is_chair=True),
            *(BoardMember(board=cab, user=member) for member in members),
            BoardMember(board=ecab, user=emergency),
        ]
    )
    BoardRule.objects.bulk_create([BoardRule(board=cab), BoardRule(board=ecab)])
    servers = ConfigurationItem.objects.filter(
        item_class__name__in=("Server", "Database", "Application", "Network device")
    )
    items: dict[str, list[ConfigurationItem]] = {}
    for item in servers.select_related("organization").order_by("criticality", "name"):
        items.setdefault(item.team.name if item.team else "", []).append(item)
    return Stage(company, now, manager, chair, members, emergency, items, cab, ecab)


def make_authorities() -> None:
    peers = ApprovalPolicy.objects.create(name="Technical peers")
    PolicyStep.objects.create(
        policy=peers, label="Technical peer", source=Source.HOLDING_TEAM, rule=RuleKind.ANY
    )
    small = ApprovalPolicy.objects.create(name="Change manager")
    PolicyStep.objects.create(
        policy=small, label="Change manager", source=Source.CHANGE_MANAGER, rule=RuleKind.ANY
    )
    board = ApprovalPolicy.objects.create(name="Advisory board")
    PolicyStep.objects.create(policy=board, label="Advisory board", source=Source.BOARD)
    both = ApprovalPolicy.objects.create(name="Service owner, then the board", four_eyes=True)
    PolicyStep.objects.create(policy=both, label="Service owner", source=Source.SERVICE_OWNER)
    PolicyStep.objects.create(
        policy=both, label="Advisory board", source=Source.BOARD, sort_order=1
    )
    chosen = {Risk.LOW: small, Risk.MEDIUM: board, Risk.HIGH: both}
    for risk, policy in chosen.items():
        Authority.objects.create(
            change_type=ChangeType.NORMAL, risk=risk, policy=policy, peer_policy=peers
        )
        Authority.objects.create(change_type=ChangeType.EMERGENCY, risk=risk, policy=board)


def make_formula(stage: Stage) -> None:
    formula = RiskFormula.objects.create(name="Risk of changes")
    for place, (text, options) in enumerate(QUESTIONS):
        RiskQuestion.objects.create(formula=formula, text=text, options=options, sort_order=place)
    actions.publish_formula(formula, by=stage.manager, at=stage.now - 100 * DAY)


def make_templates(stage: Stage) -> list[ChangeTemplate]:
    team, author = stage.company.teams["Network"], stage.company.agents["Network"][0]
    made = []
    for name, plan, days in TEMPLATES:
        begun = stage.now - 95 * DAY
        template = actions.propose(
            by=author,
            at=begun,
            name=name,
            team=team,
            service=None,
            reason="It is done often, and always in the same way.",
            plan=plan,
            test_plan="Look at the monitoring for ten minutes.",
            back_out_plan="Put the former state back from the copy.",
            choosable=["items", "service"],
            review_on=timezone.localdate(stage.now) + timedelta(days=days),
            board=stage.cab,
        )
        made.append(template)
        if name == TEMPLATES[-1][0]:
            continue
        actions.approve_template(template, by=stage.manager, at=begun)
        for member in (stage.chair, stage.members[1]):
            actions.vote_on_template(template, "approved", by=member, at=begun)
        template.refresh_from_db()
    return made


def window_of(stage: Stage, days: int, hour: int = 22) -> tuple[datetime, datetime]:
    day = timezone.localdate(stage.now, ZONE_INFO) + timedelta(days=days)
    start = datetime.combine(day, time(hour), tzinfo=ZONE_INFO)
    return start, start + 2 * HOUR


def hold_meeting(stage: Stage) -> None:
    """The board meets in two days; what waits for it is on the agenda, and one has voted."""
    start, _end = window_of(stage, 2, hour=10)
    meeting = actions.plan_meeting(
        stage.cab,
        by=stage.manager,
        at=stage.now - HOUR,
        starts_at=start,
        votes_until=start + 2 * HOUR,
        place="Room Delft, or the video bridge",
    )
    for item in meeting.agenda.select_related("change")[:1]:
        vote = actions.vote_of(item.change, stage.chair)
        if vote is not None and vote.is_waiting and vote.step.is_running:
            approvals.vote(
                vote,
                "approved",
                by=stage.chair,
                at=stage.now - HOUR,
                reason="Start after the payroll run.",
            )
