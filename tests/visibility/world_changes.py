"""Changes of the world, with the board that decides them, templates and windows.

Chad answers for changes. Ruth, an employee of the provider without any duty at the desk, chairs the
board on which Cat sits as well.
"""

from datetime import date, time, timedelta
from typing import Any

from itil.approvals.models import ApprovalPolicy, PolicyStep, Source, Vote
from itil.approvals.voting import RuleKind
from itil.changes import actions as changes
from itil.changes.actions.conflicts import acknowledge
from itil.changes.actions.windows import add_window
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.models import (
    AdvisoryBoard,
    Authority,
    BoardMember,
    BoardRule,
    Change,
    ChangeTemplate,
    FreezeWindow,
    MaintenanceWindow,
)
from itil.conversation.files import NewFile
from itil.desk.actions import note
from portal.people.models import Team, User
from tests.cast import MONDAY
from tests.itil.changes.world import vote

from .telling import LATER, NOW, World, told

HOUR = timedelta(hours=1)
EARLY = MONDAY - HOUR
# Now is in the middle of it.
TODAY = {"planned_start": NOW - HOUR, "planned_end": NOW + 2 * HOUR}
PLANS = ("reason", "plan", "test_plan", "back_out_plan", "communication_plan")


def build(world: World) -> None:
    """All of it, by the real verbs."""
    _boards(world)
    _windows(world)
    _templates(world)
    _changes(world)
    _aftermath(world)
    _meeting(world)


def _boards(world: World) -> None:
    """Two have to agree; emergencies have no board."""
    board = AdvisoryBoard.objects.create(name="zqcabboard", rule=RuleKind.QUORUM, number=2)
    BoardRule.objects.create(board=board)
    people = world.people
    BoardMember.objects.create(board=board, user=people["ruth"], is_chair=True)
    BoardMember.objects.create(board=board, user=people["cat"])
    policy = ApprovalPolicy.objects.create(name="Board")
    PolicyStep.objects.create(policy=policy, label="Board", source=Source.BOARD)
    for risk in Risk:
        Authority.objects.create(change_type=ChangeType.NORMAL, risk=risk, policy=policy)
    world.keep("board", cab=board)


def _windows(world: World) -> None:
    """A freeze in the evening that emergencies fall into, and nights for risky changes."""
    usual: dict[str, Any] = {
        "time_zone": "Europe/Berlin",
        "begins_on": date(2026, 3, 2),
        "begins_at": time(20),
        "ends_on": date(2026, 3, 2),
        "ends_at": time(23),
        "rule": "",
        "until": None,
        "environments": [],
        "risks": [],
        "types": ["emergency"],
        "services": [],
        "item_classes": [],
    }
    nights = usual | {"rule": "FREQ=WEEKLY;BYDAY=MO", "risks": ["high"], "types": []}
    chad = world.people["chad"]
    world.keep(
        "window",
        freeze=add_window(FreezeWindow, usual | told("freeze", "name", "note"), by=chad, at=EARLY),
        maintenance=add_window(
            MaintenanceWindow, nights | told("maintenance", "name", "note"), by=chad, at=EARLY
        ),
    )


def _template(world: World, name: str, by: User, team: Team, *, agreed: bool) -> ChangeTemplate:
    board = world.things["board"]["cab"]
    template = changes.propose(
        by=by,
        at=EARLY,
        name=f"zq{name}template umbrella",
        team=team,
        service=None,
        **told(name, *PLANS),
        choosable=["items", "service"],
        review_on=date(2027, 3, 2),
        board=board,
    )
    if agreed:
        changes.approve_template(template, by=world.people["chad"], at=EARLY)
        for voter in ("ruth", "cat"):
            reason = f"zq{name}consent umbrella"
            changes.vote_on_template(
                template, "approved", by=world.people[voter], at=EARLY, reason=reason
            )
    world.keep("template", **{name: ChangeTemplate.objects.get(pk=template.pk)})
    return world.things["template"][name]


def _templates(world: World) -> None:
    """One that is proposed, one of the people desk in force, and one that will do harm."""
    cast = world.cast
    _template(world, "reboot", cast.ned, cast.network_team, agreed=False)
    _template(world, "vaulting", world.people["hal"], cast.hr_team, agreed=True)
    _template(world, "mailbox", cast.ned, cast.network_team, agreed=True)


def _draft(world: World, name: str, by: User, team: Team, **more: Any) -> Change:
    columns = told(name, *PLANS) | TODAY | more.pop("columns", {})
    change = changes.open_change(
        by=by, title=f"zq{name}title umbrella", team=team, columns=columns, at=MONDAY, **more
    )
    world.tickets[name] = change
    return change


def _asked(world: World, name: str, by: User) -> Change:
    """Its board is asked; what stands against it was accepted."""
    change, chad = world.tickets[name], world.people["chad"]
    changes.move(change, "submit", by=by, at=MONDAY)
    for conflict in change.conflicts.present():
        acknowledge(conflict, by=chad, note=f"zq{name}accepted umbrella", at=MONDAY)
    return changes.move(change, "ask_authority", by=chad, at=MONDAY)


def _changes(world: World) -> None:
    """Three at the same time on one device, one of them a secret; an emergency in a freeze."""
    cast, people = world.cast, world.people
    hal, chad, device = people["hal"], people["chad"], [world.things["device"]["device"]]
    vault = changes.open_standard(
        world.things["template"]["vaulting"],
        by=hal,
        title="zqvaulttitle umbrella",
        items=device,
        planned_start=NOW,
        planned_end=NOW + HOUR,
        at=MONDAY,
    )
    world.tickets["vault"] = changes.move(vault, "book", by=hal, at=MONDAY)
    # Ned, of another team, carries it out with Bo.
    more = {"items": device, "service": cast.mail_service, "implementers": [cast.bo, cast.ned]}
    patch = _draft(world, "patch", cast.bo, cast.desk_team, **more)
    _asked(world, "patch", cast.bo)
    for voter in ("ruth", "cat"):
        vote(patch, people[voter], at=MONDAY, reason="zqpatchvote umbrella")
    changes.announce(
        patch,
        by=chad,
        at=LATER,
        title="zqpatchannounced umbrella",
        effect="zqpatcheffect umbrella",
        services=[cast.mail_service],
        starts_at=TODAY["planned_start"],
        ends_at=TODAY["planned_end"],
    )
    switch = _draft(world, "switch", cast.ned, cast.network_team, items=device)
    _asked(world, "switch", cast.ned)
    vote(switch, people["cat"], at=MONDAY, reason="zqswitchvote umbrella")
    file = NewFile("zqswitchnotefile.txt", b"zqswitchnotefile")
    said = note(switch, by=cast.ned, text="zqswitchnote umbrella", attachments=[file], at=MONDAY)
    world.keep("note", switch=said)
    waiting = Vote.objects.waiting().get(step__process__ticket=switch.pk)
    world.keep("vote", switch=waiting)
    evening = {"planned_start": NOW + 8 * HOUR, "planned_end": NOW + 9 * HOUR}
    reasons = told("hole", "urgency_reason", "security_reason")
    hole = _draft(
        world,
        "hole",
        cast.ned,
        cast.network_team,
        change_type=ChangeType.EMERGENCY,
        columns=evening | reasons,
    )
    urgent = {"is_back_out_tested": True}
    changes.plan(hole, by=cast.ned, version=hole.version, changes=urgent, at=MONDAY)
    present = {name: world.tickets[name].conflicts.present() for name in ("patch", "vault", "hole")}
    world.keep(
        "conflict",
        patch=present["patch"].get(other=switch.pk, kind="same_ci"),
        vault=present["vault"].get(other=patch.pk),
        hole=present["hole"].get(),
    )


def _aftermath(world: World) -> None:
    """A standard change that failed, and suspended its template; what it may have caused."""
    cast = world.cast
    cable = changes.open_standard(
        world.things["template"]["mailbox"],
        by=cast.ned,
        title="zqcabletitle umbrella",
        items=[world.things["device"]["device"]],
        planned_start=EARLY,
        planned_end=MONDAY,
        at=EARLY,
    )
    changes.move(cable, "book", by=cast.ned, at=EARLY)
    changes.move(cable, "start", by=cast.ned, at=EARLY)
    failed = {"outcome": "failed", "note": "zqcableresult umbrella"}
    changes.move(cable, "finish", by=cast.ned, values=failed, at=MONDAY)
    changes.write_review(
        cable,
        by=world.people["chad"],
        at=LATER,
        outcome="failed",
        **told("cable", "lessons", "went_well", "went_wrong", "follow_up"),
    )
    changes.find_caused(NOW)
    world.tickets["cable"] = cable
    world.keep(
        "suspect",
        **{
            name: cable.suspects.get(incident=world.tickets[name].pk)
            for name in ("printer", "payroll")
        },
    )


def _meeting(world: World) -> None:
    """It has begun, and its minutes are being taken."""
    ruth = world.people["ruth"]
    meeting = changes.plan_meeting(
        world.things["board"]["cab"],
        by=ruth,
        at=MONDAY,
        starts_at=LATER,
        votes_until=NOW + 5 * HOUR,
        place="zqmeetingplace",
    )
    item = meeting.agenda.get()
    changes.take_minutes(
        meeting,
        by=ruth,
        remarks="zqmeetingremarks umbrella",
        present_people=[ruth, world.people["cat"]],
        said={item.pk: "zqswitchminutes umbrella"},
    )
    world.keep("meeting", cab=meeting)
    world.keep("agenda", switch=item)
