"""Standard and emergency changes in a real browser: without a vote, and with one afterwards."""

from datetime import timedelta

import pytest
from django.utils import timezone

from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.models import Change
from tests import make
from tests.itil.tasks.plans import plan as task_plan

from . import plans
from . import world as worlds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def world(company):
    return worlds.build(company)


@pytest.fixture
def template(world):
    """Patching a server, in force: Pia proposed it, Chas agreed, Quinn and Ruth voted for it."""
    cast, now = world.cast, timezone.now()
    tasks = task_plan(
        cast,
        {"key": "patch", "title": "Patch it", "team": cast.network_team},
        name="Patching",
    )
    made = actions.propose(
        by=world.pia,
        at=now,
        name="Patch a server",
        team=cast.network_team,
        service=cast.mail_service,
        reason="Holes are closed every month.",
        plan="Patch, restart.",
        test_plan="Look at the log.",
        back_out_plan="Roll back.",
        task_plan=tasks.plan,
        review_on=timezone.localdate(now) + 90 * DAY,
        board=world.cab,
    )
    actions.approve_template(made, by=world.chas, at=now)
    for member in (world.quinn, world.ruth):
        actions.vote_on_template(made, "approved", by=member, at=now)
    return made


def test_a_standard_change_runs_from_its_template_to_its_end_without_a_vote(world, template, visit):
    plans.item(world.cast, "srv-7")
    now = timezone.now()
    ned = visit(world.cast.ned)

    ned.goto("/desk/changes/")
    ned.get_by_role("link", name="New standard change").click()
    ned.get_by_label("Template").select_option(label="Patch a server")
    ned.get_by_label("Items").select_option(label="srv-7")
    ned.get_by_label("Planned start").fill(plans.typed(now - HOUR))
    ned.get_by_label("Planned end").fill(plans.typed(now + HOUR))
    ned.get_by_role("button", name="Open a draft").click()
    # What the template says is not changed.
    assert ned.get_by_label("Implementation plan").input_value() == "Patch, restart."
    assert ned.get_by_label("Implementation plan").is_disabled()
    ned.get_by_role("button", name="Save").click()
    ned.get_by_role("button", name="Schedule").click()
    ned.get_by_text("is now “Scheduled”").wait_for()
    ned.get_by_role("link", name="Plans, risk and votes on one sheet").click()
    ned.get_by_text("Authorized in advance by its template").wait_for()

    change = Change.objects.get()
    ned.goto(change.get_absolute_url())
    ned.get_by_role("button", name="Start implementation").click()
    ned.get_by_text("is now “In implementation”").wait_for()
    ned.get_by_role("link", name="Finish implementation…").click()
    ned.get_by_label("Successful", exact=True).check()
    ned.get_by_label("What was done, and how did it go?").fill("Patched.")
    ned.get_by_label("The changed items are described as they are now").check()
    ned.get_by_role("button", name="Finish implementation").click()
    ned.get_by_text("1 task has not ended yet. Finish it, or say why it failed.").wait_for()
    ned.goto(change.get_absolute_url())
    ned.get_by_role("link", name="Patch it").click()
    ned.get_by_role("button", name="Take it").click()
    ned.get_by_role("button", name="Start", exact=True).click()
    ned.get_by_role("button", name="Done", exact=True).click()
    ned.goto(change.get_absolute_url())
    ned.get_by_role("link", name="Finish implementation…").click()
    ned.get_by_label("Successful", exact=True).check()
    ned.get_by_label("What was done, and how did it go?").fill("Patched.")
    ned.get_by_label("The changed items are described as they are now").check()
    ned.get_by_role("button", name="Finish implementation").click()
    ned.get_by_text("is now “Closed”").wait_for()

    ned.goto(template.get_absolute_url())
    ned.get_by_role("link", name=change.number).wait_for()
    assert not Vote.objects.exists()


def open_emergency(bo, incident, now) -> Change:
    """Bo opens one that answers an incident, in the middle of a freeze."""
    bo.goto("/desk/changes/new/")
    assert not bo.get_by_label("Why can it not wait?").is_visible()
    bo.get_by_label("What is to be changed?").fill("Restart the mail server")
    bo.get_by_label("Emergency").check()
    bo.get_by_label("Service (optional)").select_option(label="Mail")
    bo.get_by_label("Team").select_option(label="Network")
    bo.get_by_label("Why is it needed?").fill("No mail arrives.")
    bo.get_by_label("Planned start").fill(plans.typed(now))
    bo.get_by_label("Planned end").fill(plans.typed(now + HOUR))
    bo.get_by_label("Carried out by").select_option(label="Ned")
    bo.get_by_label("Why can it not wait?").fill("Nobody can work.")
    bo.get_by_label("Incidents or problems that it fixes").fill(incident.number)
    bo.get_by_role("button", name="Open a draft").click()
    bo.get_by_label("Implementation plan").fill("Restart.")
    bo.get_by_role("button", name="Save").click()
    bo.get_by_text("It falls into the freeze “Month-end close”.").wait_for()
    return Change.objects.get(title="Restart the mail server")


def say_who_said_yes(chas, now) -> None:
    chas.get_by_role("link", name="Start on a spoken authorization…").click()
    chas.get_by_label("Who authorized it?").select_option(label="Cleo")
    chas.get_by_label("When?").fill(plans.typed(now))
    chas.get_by_label("What was said, and how?").fill("Do it, on the phone.")
    chas.get_by_role("button", name="Start on a spoken authorization").click()


def start_in_the_freeze(chas, change, now) -> None:
    """It is refused until the change manager lets it into the freeze, with a reason."""
    chas.goto(change.get_absolute_url())
    say_who_said_yes(chas, now)
    chas.get_by_text("an emergency needs an exemption by a change manager").wait_for()
    chas.get_by_role("link", name="Let it into the freeze…").click()
    chas.get_by_label("Reason").fill("Nobody can work.")
    chas.get_by_role("button", name="Let it into the freeze").click()
    chas.get_by_text("It may run in this freeze.").wait_for()
    say_who_said_yes(chas, now)
    chas.get_by_text("is now “In implementation”").wait_for()


def confirm(eve, change) -> None:
    eve.goto(change.sheet_url)
    eve.get_by_text("Begun on the word of Cleo").wait_for()
    eve.get_by_text("To be confirmed by").wait_for()
    eve.get_by_label("Approved").check()
    eve.get_by_role("button", name="Send vote").click()
    eve.get_by_text("Your vote counts.").wait_for()
    eve.get_by_text("Confirmed", exact=True).wait_for()


def test_a_spoken_authorization_is_confirmed_afterwards_or_counts_as_none(world, visit):
    cast, now = world.cast, timezone.now()
    incident = make.taken_incident(cast, service=cast.mail_service, at=now - HOUR)
    today = timezone.localdate(now, plans.BERLIN)
    plans.freeze(world.chas, at=now, begins_on=today - DAY, ends_on=today + 2 * DAY)
    window = {"planned_start": now - HOUR, "planned_end": now + 3 * HOUR}
    other = worlds.emergency(world, title="Close the port", columns=window, at=now)
    chas = visit(world.chas)

    change = open_emergency(visit(cast.bo), incident, now)
    for one in (change, other):
        start_in_the_freeze(chas, one, now)
    # The emergency board confirms the first one, and says nothing about the other.
    confirm(visit(world.eve), change)
    actions.flag_unauthorised(timezone.now() + 5 * DAY)

    chas.goto("/desk/changes/?view=irregular")
    row = chas.get_by_role("row")
    row.filter(has_text=change.number).get_by_text("authorized afterwards").wait_for()
    row.filter(has_text=other.number).get_by_text("unauthorized", exact=True).wait_for()
    chas.goto(other.sheet_url)
    chas.get_by_text("Nobody confirmed it in time.").wait_for()
    assert list(Change.objects.filter(is_unauthorised=True)) == [other]
