"""A change comes to be: by hand, from a template, or as the answer to an incident."""

from datetime import date, time, timedelta

import pytest

from itil.changes import actions
from itil.changes.models import Change, ChangeTemplate
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests import make
from tests.cast import MONDAY
from tests.itil.changes import plans
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR, START


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def test_it_is_a_draft_of_who_opens_it_linked_to_what_it_answers(world):
    incident = make.incident(world.cast)
    change = worlds.draft(world, team=None, answers=[incident])
    assert (change.status, change.assignee, change.team) == (
        "draft",
        world.cast.bo,
        world.cast.mail_service.team,
    )
    assert incident.links_out.get(type="fixed_by").target_id == change.pk


def test_without_a_service_the_own_team_holds_it(world):
    change = worlds.draft(world, by=world.cast.ned, team=None, service=None)
    assert change.team == world.cast.network_team


def test_requesters_open_none_and_a_window_ends_after_its_start(world):
    with pytest.raises(NotAllowed):
        worlds.draft(world, by=world.cast.ann)
    with pytest.raises(MissingValue) as refusal:
        worlds.draft(world, columns={"planned_end": START})
    assert refusal.value.field == "planned_end"
    with pytest.raises(MissingValue) as refusal:
        worlds.draft(world, change_type="standard")
    assert refusal.value.field == "template"
    assert not Change.objects.exists()


def template(world, **more):
    columns = {"reason": "Patches", "plan": "Patch", "test_plan": "Look", "back_out_plan": "Back"}
    return ChangeTemplate.objects.create(
        name="Patch a server",
        proposed_by=world.pia,
        team=world.cast.network_team,
        board=world.cab,
        **columns | {"state": "approved", "review_on": date(2027, 1, 1)} | more,
    )


def test_a_standard_change_is_as_its_template_says(world):
    change = actions.open_standard(
        template(world),
        by=world.cast.bo,
        planned_start=START,
        planned_end=START + 2 * HOUR,
        at=MONDAY,
    )
    assert (change.title, change.plan, change.risk) == ("Patch a server", "Patch", "low")
    assert (change.change_type, change.team) == ("standard", world.cast.network_team)


def test_what_stands_against_its_window_is_known_from_the_start(world):
    plans.freeze(
        world.chas,
        begins_on=START.date(),
        begins_at=time(0),
        ends_on=START.date() + timedelta(days=2),
        ends_at=time(0),
    )
    change = worlds.draft(world)
    assert plans.standing(change) == [("freeze", "Month-end close")]
    assert change.conflict_status == "blocked"


@pytest.mark.parametrize(
    "more", [{"state": "suspended"}, {"review_on": MONDAY.date() - timedelta(days=1)}]
)
def test_a_template_that_is_not_in_force_opens_nothing(world, more):
    with pytest.raises(Refused, match="not in force"):
        actions.open_standard(template(world, **more), by=world.cast.bo, at=MONDAY)
    assert not Change.objects.exists()
