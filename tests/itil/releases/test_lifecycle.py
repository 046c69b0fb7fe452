"""The table of a release's life (domain 2.6): every status, verb and actor."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from itil.changes.models import Change
from itil.incidents.actions import open_incident
from itil.releases import actions
from itil.releases.lifecycle import LIFECYCLE, Status
from itil.releases.models import Deployment, Release
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import TicketEvent
from tests.cast import MONDAY

from .world import HOUR

BOTH = {"owner", "change_manager"}
ROWS = {
    ("planning", "build", "build"): BOTH,
    ("build", "test", "test"): BOTH,
    ("test", "rework", "build"): BOTH,
    ("approval", "rework", "build"): BOTH,
    ("test", "ask_approval", "approval"): BOTH,
    ("approval", "deploy", "deploying"): BOTH,
    ("deploying", "finish", "deployed"): BOTH,
    ("deploying", "roll_back", "rolled_back"): BOTH,
    ("deployed", "support", "early_life_support"): BOTH,
    ("early_life_support", "close", "closed"): {"change_manager"},
    **{(one, "cancel", "cancelled"): BOTH for one in ("planning", "build", "test", "approval")},
}
VERBS = sorted({verb for _source, verb, _target in ROWS})


def values_of(verb):
    return {
        "rework": {"reason": "It is slow."},
        "cancel": {"reason": "Not needed."},
        "ask_approval": {"exit_criteria": "All tests pass."},
        "roll_back": {"note": "Mail stopped."},
        "support": {"support_until": timezone.now() + timedelta(days=7)},
    }.get(verb, {})


def test_the_table_holds_exactly_the_steps():
    rows = {
        (str(source), move.verb, str(move.target)): {str(actor) for actor in move.by}
        for move in LIFECYCLE.moves
        for source in move.sources
    }
    assert rows == ROWS


def test_every_status_with_every_verb_by_everybody(world):
    """Each cell of the table does its step; each other one is refused and nothing changes."""
    targets = {(source, verb): (target, by) for (source, verb, target), by in ROWS.items()}
    for status in Status.values:
        for verb in VERBS:
            target, actors = targets.get((status, verb), (None, set()))
            for name, by in world.who.items():
                with transaction.atomic():
                    release = world.put(status)
                    before = Release.objects.values().get(pk=release.pk)
                    events = TicketEvent.objects.count()
                    if name in actors:
                        moved = actions.move(release, verb, by=by, values=values_of(verb))
                        assert moved.status == target, (status, verb, name)
                    else:
                        with pytest.raises(Refused):
                            actions.move(release, verb, by=by, values=values_of(verb))
                        assert Release.objects.values().get(pk=release.pk) == before
                        assert TicketEvent.objects.count() == events
                    transaction.set_rollback(True)


class TestGuards:
    def test_a_release_without_changes_is_not_built(self, world):
        actions.remove_change(world.release, world.change, by=world.cast.bo, at=MONDAY)
        with pytest.raises(Refused, match="at least one change"):
            actions.move(world.release, "build", by=world.cast.bo)

    def test_approval_needs_the_exit_criteria(self, world):
        with pytest.raises(MissingValue):
            actions.move(world.put("test"), "ask_approval", by=world.cast.bo)
        assert Release.objects.get().status == "test"

    @pytest.mark.parametrize("status", ["draft", "assessment", "authorization", "review", "closed"])
    def test_it_goes_on_only_with_changes_that_are_authorized(self, world, status):
        release = world.put("approval")
        type(world.change).objects.update(status=status)
        with pytest.raises(Refused, match=world.change.number):
            actions.move(release, "deploy", by=world.cast.bo)
        type(world.change).objects.update(status="implementation")
        assert actions.move(release, "deploy", by=world.cast.bo).status == "deploying"

    def test_without_a_go_or_after_a_no_go_nothing_is_rolled_out(self, world):
        release = world.put("approval")
        release.decisions.all().delete()
        with pytest.raises(Refused, match="decide go or no-go first"):
            actions.move(release, "deploy", by=world.cast.bo)
        actions.decide(release, is_go=True, note="Fine.", by=world.mara, at=MONDAY)
        actions.decide(release, is_go=False, note="The test was wrong.", by=world.mara)
        with pytest.raises(Refused, match="no-go"):
            actions.move(release, "deploy", by=world.cast.bo)

    def test_a_rework_asks_for_a_new_decision(self, world):
        release = world.put("approval")
        actions.move(release, "rework", by=world.cast.bo, values={"reason": "Late."})
        assert Release.objects.get().last_decision is None

    def test_all_must_have_it_before_it_is_rolled_out(self, world):
        release = world.put("deploying")
        Deployment.objects.filter(organization=world.cast.acme).update(status="failed")
        with pytest.raises(Refused, match="1 deployment is not successful"):
            actions.move(release, "finish", by=world.cast.bo)

    def test_it_is_closed_after_its_period_without_urgent_incidents(self, world):
        release = world.put("early_life_support")
        incident = open_incident(
            by=world.cast.ann,
            title="Mail stops",
            text="Since the release.",
            requester=world.cast.ann,
            channel="portal",
            impact=1,
            urgency=1,
        )
        tickets.link(incident, release, "caused_by", by=world.mara)
        with pytest.raises(Refused, match=incident.number):
            actions.move(release, "close", by=world.mara)
        type(incident).objects.filter(pk=incident.pk).update(status="resolved", phase="done")
        Release.objects.update(support_until=timezone.now() + HOUR)
        with pytest.raises(Refused, match="not over yet"):
            actions.move(release, "close", by=world.mara)
        Release.objects.update(support_until=timezone.now() - HOUR)
        assert actions.move(release, "close", by=world.mara).status == "closed"

    @pytest.mark.parametrize("status", ["scheduled", "implementation"])
    def test_it_is_not_closed_while_a_change_is_to_be_carried_out(self, world, status):
        release = world.put("early_life_support")
        Change.objects.update(status=status, phase="open")
        with pytest.raises(Refused, match=rf"not carried out yet: {world.change.number}\."):
            actions.move(release, "close", by=world.mara)
        assert Release.objects.get().status == "early_life_support"

    @pytest.mark.parametrize("status", ["review", "closed", "cancelled"])
    def test_it_is_closed_with_changes_that_ended_in_any_way(self, world, status):
        release = world.put("early_life_support")
        Change.objects.update(status=status)
        assert actions.move(release, "close", by=world.mara).status == "closed"
