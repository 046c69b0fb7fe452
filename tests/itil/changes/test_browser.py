"""A normal change from its draft to its end, in a real browser, by all who have a part in it."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from itil.approvals.models import ApprovalPolicy, PolicyStep, Source
from itil.approvals.voting import RuleKind
from itil.changes.actions import conflicts
from itil.changes.models import Authority, Change
from portal.people.models import Delegation, Membership, Role, Team
from tests.cast import person
from tests.itil.tasks.plans import plan as task_plan

from . import plans
from . import world as worlds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)


@pytest.fixture
def world(company):
    return worlds.build(company)


@pytest.fixture
def night():
    """Three days ahead at 22:00 in Berlin, whatever the hour is now."""
    day = timezone.localdate(timezone.now(), plans.BERLIN) + timedelta(days=3)
    return datetime.combine(day, time(22), plans.BERLIN)


def two_steps(world) -> None:
    """Normal changes need two of three of the board, and then two of the owners of the business,
    of whom Wim is away: Sol, who is no agent, stands in for him.
    """
    halden = world.cast.halden
    business = Team.objects.create(name="Business owners", slug="business")
    olga, wim, sol = (person(name, halden) for name in ("Olga", "Wim", "Sol"))
    for owner in (olga, wim):
        Membership.objects.create(user=owner, role=Role.AGENT, team=business)
    policy = ApprovalPolicy.objects.create(name="Two steps")
    PolicyStep.objects.create(
        policy=policy, label="Advisory board", source=Source.BOARD, sort_order=0
    )
    PolicyStep.objects.create(
        policy=policy,
        label="Owners of the business",
        source=Source.TEAM,
        team=business,
        rule=RuleKind.QUORUM,
        number=2,
        sort_order=1,
    )
    Authority.objects.filter(change_type="normal").update(policy=policy)
    now = timezone.now()
    Delegation.objects.create(
        delegator=wim, delegate=sol, starts_at=now - HOUR, ends_at=now + 100 * HOUR
    )
    world.olga, world.wim, world.sol = olga, wim, sol


def plan(bo, night) -> Change:
    """Bo plans it for the night, in which nothing may run."""
    bo.goto("/desk/changes/")
    bo.get_by_role("link", name="New change").click()
    bo.get_by_label("What is to be changed?").fill("Move payroll to new disks")
    bo.get_by_label("Service (optional)").select_option(label="Mail")
    bo.get_by_label("Team").select_option(label="Network")
    bo.get_by_label("Items").select_option(label="payroll-db")
    bo.get_by_label("Why is it needed?").fill("The old disks are full.")
    bo.get_by_label("Planned start").fill(plans.typed(night))
    bo.get_by_label("Planned end").fill(plans.typed(night + HOUR))
    bo.get_by_label("Carried out by").select_option(label="Ned")
    bo.get_by_role("button", name="Open a draft").click()
    bo.get_by_role("heading", name="Plan the change").wait_for()
    bo.get_by_label("Implementation plan").fill("Copy, switch, look.")
    bo.get_by_label("Test plan").fill("Count the rows.")
    bo.get_by_role("textbox", name="Back-out plan").fill("Switch back to the old disks.")
    bo.get_by_label("Tasks by the plan").select_option(index=1)
    bo.get_by_role("button", name="Save").click()
    bo.get_by_text("The plan is saved.").wait_for()
    bo.get_by_text("It falls into the freeze “Month-end close”.").wait_for()
    assert bo.get_by_role("link", name="Let it into the freeze").count() == 0
    return Change.objects.get()


def take_the_free_hour(bo, night) -> None:
    """The calendar offers the hour before the freeze, and Bo takes it."""
    bo.get_by_role("link", name="Look for a free time").click()
    bo.get_by_role("link", name="Move to this slot").wait_for()
    bo.get_by_role("link", name="Move to this slot").click()
    assert bo.get_by_label("Planned start").input_value() == plans.typed(night - 3 * HOUR)
    assert bo.get_by_label("Planned end").input_value() == plans.typed(night - 2 * HOUR)
    bo.get_by_role("button", name="Move the change").click()
    bo.get_by_text("It has another window.").wait_for()
    assert bo.get_by_text("It falls into the freeze").count() == 0
    bo.get_by_role("button", name="Send to assessment").click()
    bo.get_by_text("is now “Assessment”").wait_for()


def assess(pia, chas, change) -> None:
    """Pia agrees as a peer; Chas accepts what the graph knows, and asks for authorization."""
    pia.goto("/approvals/")
    pia.get_by_role("button", name="Approve").click()
    pia.get_by_text("Nothing is waiting for you").wait_for()
    worlds.react()
    chas.goto(change.get_absolute_url())
    chas.get_by_role("button", name="Ask for authorization").click()
    chas.get_by_text("Accept the conflicts with a reason, or move the window, first.").wait_for()
    chas.get_by_role("link", name="Accept the risk…").click()
    chas.get_by_label("Reason").fill("Ned patches only after the copy.")
    chas.get_by_role("button", name="Accept the risk").click()
    chas.get_by_text("Accepted. The reason is kept with the change.").wait_for()
    chas.get_by_text("Chas: “Ned patches only after the copy.”").wait_for()
    chas.get_by_role("button", name="Ask for authorization").click()
    chas.get_by_text("is now “Waiting for authorization”").wait_for()


def vote(visit, world, bo, change) -> None:
    """Two of the board, then the owners of the business, one of them by his stand-in."""
    for number, member in enumerate((world.quinn, world.ruth)):
        page = visit(member)
        page.goto(change.sheet_url)
        page.get_by_text(f"{number} of 3 voted").wait_for()
        page.get_by_text("Passes with 2 yes.").first.wait_for()
        page.get_by_label("Approved").check()
        page.get_by_label("Reason or condition").fill("After payroll has run.")
        page.get_by_role("button", name="Send vote").click()
        page.get_by_text("Your vote counts.").wait_for()
    assert Change.objects.get(pk=change.pk).status == "authorization"
    worlds.react()
    olga = visit(world.olga)
    olga.goto("/approvals/")
    olga.get_by_role("button", name="Approve").click()
    olga.get_by_text("Nothing is waiting for you").wait_for()
    sol = visit(world.sol)
    sol.goto("/approvals/")
    sol.get_by_text("for Wim").first.wait_for()
    sol.get_by_role("button", name="Approve").click()
    sol.get_by_text("Nothing is waiting for you").wait_for()
    worlds.react()
    bo.goto(change.sheet_url)
    bo.get_by_text("by Sol").wait_for()


def start(ned, chas, change) -> None:
    """Not its time yet: only the change manager starts it now, and says why."""
    ned.goto(change.get_absolute_url())
    ned.get_by_role("button", name="Start implementation").click()
    ned.get_by_text("Ask the change manager to start it outside its window.").wait_for()
    chas.goto(change.get_absolute_url())
    chas.get_by_role("button", name="Start implementation").click()
    chas.get_by_text("Say why it starts outside its window.").first.wait_for()
    chas.get_by_label("Note").fill("The disks fail already.")
    chas.get_by_role("button", name="Start implementation").click()
    chas.get_by_text("is now “In implementation”").wait_for()
    chas.get_by_text("outside its window").first.wait_for()


def back_out(ned, change) -> None:
    """Its task fails, and Ned backs it out."""
    ned.goto(change.get_absolute_url())
    ned.get_by_role("link", name="Switch the disks").click()
    ned.get_by_role("button", name="Start", exact=True).click()
    ned.get_by_role("link", name="It failed…").click()
    ned.get_by_role("textbox").last.fill("Rows are missing.")
    ned.get_by_role("button", name="It failed").click()
    ned.get_by_text("is now “Failed”").wait_for()
    ned.goto(change.get_absolute_url())
    ned.get_by_role("link", name="Finish implementation…").click()
    ned.get_by_label("Backed out").check()
    ned.get_by_label("What was done, and how did it go?").fill("Rows were missing: switched back.")
    ned.get_by_role("button", name="Finish implementation").click()
    ned.get_by_text("is now “To review”").wait_for()


def learn_and_close(bo, chas, change) -> None:
    """It is closed only when it was learned from."""
    chas.goto(change.get_absolute_url())
    chas.get_by_role("button", name="Close", exact=True).click()
    chas.get_by_text("Write the post-implementation review first.").wait_for()
    bo.goto(change.get_absolute_url())
    bo.get_by_role("link", name="Write the review…").click()
    bo.get_by_label("What went wrong?").fill("The copy was never counted.")
    bo.get_by_label("What do we learn from it?").fill("Count before the switch.")
    bo.get_by_role("button", name="Save the review").click()
    bo.get_by_text("The review is written.").wait_for()
    bo.get_by_role("button", name="Confirm the description of the items").click()
    bo.get_by_text("The items are as they are described.").wait_for()
    chas.goto(change.get_absolute_url())
    chas.get_by_role("button", name="Close", exact=True).click()
    chas.get_by_text("is now “Closed”").wait_for()
    chas.goto("/desk/changes/?view=all")
    row = chas.get_by_role("row").filter(has_text=change.number)
    row.get_by_text("Backed out").wait_for()


def test_a_normal_change_is_planned_voted_on_carried_out_backed_out_and_closed(world, night, visit):
    two_steps(world)
    cast, now = world.cast, timezone.now()
    server, database = plans.item(cast, "srv-7"), plans.item(cast, "payroll-db", "Database")
    plans.depends(database, server, type="runs_on", at=now - HOUR)
    later = night.date() + timedelta(days=30)
    plans.freeze(world.chas, at=now, begins_on=night.date(), begins_at=time(20), ends_on=later)
    rows = {"key": "switch", "title": "Switch the disks", "team": cast.network_team}
    task_plan(cast, rows, name="New disks")
    bo, ned, chas = visit(cast.bo), visit(cast.ned), visit(world.chas)

    change = plan(bo, night)
    take_the_free_hour(bo, night)
    # Somebody else works on the server below at the same time: the graph knows.
    hour = night - 3 * HOUR
    other = plans.planned(cast, "Patch srv-7", start=hour, hours=1, items=[server], at=now)
    conflicts.check_conflicts(other, now)
    assess(visit(world.pia), chas, change)
    vote(visit, world, bo, change)
    start(ned, chas, change)
    back_out(ned, change)
    learn_and_close(bo, chas, change)

    ended = Change.objects.get(pk=change.pk)
    assert (ended.status, ended.outcome, ended.outside_window) == ("closed", "backed_out", True)
