"""Putting a release together."""

import pytest

from itil.releases import actions
from itil.releases.models import Release, ReleaseChange, Wave
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from portal.people.models import Location
from tests.cast import MONDAY
from tests.itil.releases.world import HOUR


def test_a_change_goes_with_one_release(world):
    other = actions.open_release(
        by=world.cast.bo, title="Summer", version="5.0.0", service=world.cast.mail_service
    )
    with pytest.raises(Refused, match=world.release.number):
        actions.add_change(other, world.change, by=world.cast.bo)
    assert ReleaseChange.objects.count() == 1


def test_what_is_over_does_not_go_with_one(world):
    actions.remove_change(world.release, world.change, by=world.cast.bo)
    type(world.change).objects.update(status="cancelled")
    with pytest.raises(Refused, match="is over"):
        actions.add_change(world.release, world.change, by=world.cast.bo)


def test_a_version_is_planned_once_for_a_service(world):
    with pytest.raises(MissingValue) as refusal:
        actions.open_release(
            by=world.cast.bo, title="Again", version="4.2.0", service=world.cast.mail_service
        )
    assert refusal.value.field == "version"
    assert Release.objects.count() == 1


@pytest.mark.parametrize("status", ["approval", "deploying", "deployed", "closed", "cancelled"])
def test_from_the_decision_on_it_stays_as_it_is(world, status):
    release = world.put(status)
    bo = world.cast.bo
    with pytest.raises(Refused):
        actions.remove_change(release, world.change, by=bo)
    with pytest.raises(Refused):
        actions.remove_wave(world.wave, by=bo)
    assert (release.bundled.count(), release.deployments.count()) == (1, 2)


def test_groups_that_end_before_they_begin_or_hold_nobody_are_refused(world):
    usual = {"name": "Rest", "by": world.cast.bo, "start": MONDAY, "end": MONDAY + HOUR}
    for wrong, field in (
        ({"end": MONDAY}, "end"),
        ({"name": " "}, "name"),
        ({}, "organizations"),
    ):
        with pytest.raises(MissingValue) as refusal:
            actions.add_wave(world.release, **(usual | wrong))
        assert refusal.value.field == field
    with pytest.raises(Refused, match="in another group"):
        actions.add_wave(world.release, **usual, organizations=[world.cast.acme])
    place = Location.objects.create(organization=world.cast.acme, name="Hall 2")
    actions.add_wave(world.release, **usual, locations=[place])
    assert [wave.position for wave in Wave.objects.all()] == [1, 2]


def test_strangers_do_not_plan(world):
    for name in ("agent", "lead", "manager", "administrator"):
        with pytest.raises(NotAllowed):
            actions.remove_change(world.release, world.change, by=world.who[name])
