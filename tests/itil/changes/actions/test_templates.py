"""Templates of standard changes: who puts them in force, and what ends them (`CHG-6`)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from itil.changes import actions
from itil.changes.models import Change
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.cast import MONDAY
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR, START


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def proposed(world, **more):
    return actions.propose(
        **{
            "by": world.pia,
            "at": MONDAY,
            "name": "Patch a server",
            "team": world.cast.network_team,
            "service": world.cast.mail_service,
            "reason": "Patches",
            "plan": "Patch",
            "test_plan": "Look",
            "back_out_plan": "Roll back",
            "review_on": date(2026, 6, 1),
            "board": world.cab,
        }
        | more
    )


def approved(world, **more):
    template = proposed(world, **more)
    actions.approve_template(template, by=world.chas, at=MONDAY)
    for member in (world.quinn, world.ruth):
        actions.vote_on_template(template, "approved", by=member, at=MONDAY)
    template.refresh_from_db()
    return template


def used(world, template, outcome):
    change = actions.open_standard(
        template,
        by=world.cast.bo,
        planned_start=START,
        planned_end=START + 2 * HOUR,
        at=MONDAY,
    )
    actions.move(change, "book", by=world.cast.bo, at=MONDAY)
    actions.move(change, "start", by=world.cast.bo, at=START)
    values = {"outcome": outcome, "note": "Done."}
    return actions.move(change, "finish", by=world.cast.bo, values=values, at=START + HOUR)


def test_it_takes_the_change_manager_and_the_board(world):
    template = proposed(world)
    with pytest.raises(NotAllowed):
        actions.approve_template(template, by=world.cast.bo, at=MONDAY)
    with pytest.raises(NotAllowed):
        actions.vote_on_template(template, "approved", by=world.pia, at=MONDAY)
    actions.vote_on_template(template, "approved", by=world.quinn, at=MONDAY)
    actions.vote_on_template(template, "approved", by=world.ruth, at=MONDAY)
    template.refresh_from_db()
    assert template.state == "proposed"
    actions.approve_template(template, by=world.chas, at=MONDAY)
    template.refresh_from_db()
    assert template.state == "approved"


@pytest.mark.parametrize("outcome", ["failed", "backed_out"])
def test_a_use_that_failed_suspends_it(world, outcome):
    template = approved(world)
    used(world, template, outcome)
    template.refresh_from_db()
    assert template.state == "suspended"
    with pytest.raises(Refused, match="not in force"):
        actions.open_standard(template, by=world.cast.bo, at=MONDAY)


def test_too_many_uses_with_issues_suspend_it(world):
    template = approved(world, most_issues_percent=50)
    used(world, template, "successful")
    used(world, template, "successful_with_issues")
    template.refresh_from_db()
    assert template.state == "approved"
    used(world, template, "successful_with_issues")
    template.refresh_from_db()
    assert template.state == "suspended"


def test_a_draft_of_a_template_that_was_suspended_meanwhile_is_not_scheduled(world):
    template = approved(world)
    change = actions.open_standard(
        template, by=world.cast.bo, planned_start=START, planned_end=START + HOUR, at=MONDAY
    )
    actions.suspend_template(template, by=world.chas, at=MONDAY, note="A leak.")
    with pytest.raises(Refused, match="not in force"):
        actions.move(change, "book", by=world.cast.bo, at=MONDAY)
    change.refresh_from_db()
    assert change.status == "draft"


def test_only_what_the_template_allows_is_set_otherwise(world):
    template = approved(world, choosable=["communication_plan"])
    change = actions.open_standard(
        template, by=world.cast.bo, planned_start=START, planned_end=START + HOUR, at=MONDAY
    )
    allowed = {"communication_plan": "A mail."}
    actions.plan(change, by=world.cast.bo, version=change.version, changes=allowed, at=MONDAY)
    with pytest.raises(MissingValue) as refusal:
        actions.plan(
            change, by=world.cast.bo, version=change.version, changes={"plan": "Hm"}, at=MONDAY
        )
    assert refusal.value.field == "plan"
    stored = Change.objects.get()
    assert (stored.plan, stored.communication_plan) == ("Patch", "A mail.")


def test_it_expires_on_its_day_of_review_once(world):
    template = approved(world)
    day = datetime.combine(template.review_on, time(12), ZoneInfo("Europe/Amsterdam"))
    assert actions.expire_templates(day - timedelta(days=1)) == 0
    assert actions.expire_templates(day) == 1
    assert actions.expire_templates(day) == 0
    template.refresh_from_db()
    assert template.state == "expired"
