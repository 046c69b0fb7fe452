"""What a change is, when and by whom: written, corrected, and asked again where it matters."""

from datetime import timedelta

import pytest

from itil.approvals.models import ApprovalProcess
from itil.changes import actions
from itil.changes.models import Change
from itil.desk import actions as desk
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from tests.cast import MONDAY
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR, START


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def edit(world, change, changes, **more):
    given = {"by": world.cast.bo, "version": change.version, "at": MONDAY}
    return actions.plan(change, changes=changes, **given | more)


def test_what_was_written_is_kept_with_what_it_was_before(world):
    change = worlds.draft(world)
    edit(world, change, {"plan": "Swap it at night."}, services=[world.cast.mail_service])
    stored = Change.objects.get()
    assert stored.plan == "Swap it at night."
    assert list(stored.affected_services.all()) == [world.cast.mail_service]
    told = stored.events.filter(kind="edited").latest("pk").data["changes"]
    assert told["plan"] == ["Swap it.", "Swap it at night."]


def test_what_cannot_be_written_leaves_the_change_as_it_was(world):
    change = worlds.draft(world)
    before = Change.objects.values().get()
    refusals = (
        (NotAllowed, {"plan": "Mine"}, {"by": world.cast.ann}),
        (StaleRecord, {"plan": "Late"}, {"version": change.version - 1}),
        (MissingValue, {"status": "closed"}, {}),
        (MissingValue, {"planned_end": START - HOUR}, {}),
    )
    for error, changes, more in refusals:
        with pytest.raises(error):
            edit(world, change, changes, **more)
        assert Change.objects.values().get() == before


def test_what_has_left_its_draft_keeps_its_plans(world):
    change = worlds.assessed(world)
    with pytest.raises(MissingValue) as refusal:
        edit(world, change, {"back_out_plan": ""})
    assert refusal.value.field == "back_out_plan"
    assert Change.objects.get().back_out_plan == "Put the old one back."


def test_other_people_who_carry_it_out_are_another_matter(world):
    change = worlds.scheduled(world)
    edit(world, change, {}, implementers=[world.cast.cleo])
    assert change.status == "authorization"
    assert change.implementer_ids == {world.cast.cleo.pk}


def test_a_material_edit_of_a_scheduled_change_voids_the_votes(world):
    change = worlds.scheduled(world)
    first = ApprovalProcess.objects.of(change).first()
    actions.plan(
        change, by=world.cast.bo, version=change.version, changes={"plan": "Another way"}, at=MONDAY
    )
    assert change.status == "authorization"
    first.refresh_from_db()
    assert first.state == "void"
    assert ApprovalProcess.objects.of(change).first().state == "running"


def test_a_typo_in_the_title_and_a_small_move_of_the_window_void_nothing(world):
    change = worlds.scheduled(world)
    desk.edit(
        change, by=world.chas, version=change.version, changes={"title": "Swap it"}, at=MONDAY
    )
    moved = {"planned_start": START + timedelta(minutes=30)}
    actions.plan(change, by=world.cast.bo, version=change.version, changes=moved, at=MONDAY)
    assert change.status == "scheduled"
    moved = {"planned_start": START + timedelta(minutes=60)}
    actions.plan(change, by=world.cast.bo, version=change.version, changes=moved, at=MONDAY)
    assert change.status == "authorization"


def test_the_type_changes_in_a_draft_only(world):
    change = worlds.draft(world)
    actions.retype(change, "emergency", by=world.cast.bo, at=MONDAY)
    assert change.change_type == "emergency"
    asked = worlds.asked(world)
    with pytest.raises(Refused):
        actions.retype(asked, "emergency", by=world.chas, at=MONDAY)
    asked.refresh_from_db()
    assert asked.change_type == "normal"
