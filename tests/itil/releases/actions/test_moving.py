"""The decision about a release, and its way back."""

import pytest

from itil.incidents.actions import open_incident
from itil.releases import actions
from itil.releases.lifecycle import Status
from itil.releases.models import Deployment, GateDecision, Release
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests.cast import MONDAY
from tests.itil.releases.world import HOUR


class TestDeciding:
    def test_change_managers_decide_with_a_reason_and_never_on_their_own(self, world):
        release = world.put("approval")
        release.decisions.all().delete()
        for name in ("owner", "agent", "lead", "manager", "administrator"):
            with pytest.raises(NotAllowed):
                actions.decide(release, is_go=True, note="Fine.", by=world.who[name])
        with pytest.raises(MissingValue):
            actions.decide(release, is_go=True, note=" ", by=world.mara)
        Release.objects.update(assignee=world.mara)
        with pytest.raises(NotAllowed):
            actions.decide(release, is_go=True, note="Fine.", by=world.mara)
        assert GateDecision.objects.count() == 0

    @pytest.mark.parametrize("status", [one for one in Status.values if one != "approval"])
    def test_only_when_it_is_asked_for(self, world, status):
        with pytest.raises(Refused, match="nothing is to be decided"):
            actions.decide(world.put(status), is_go=True, note="Fine.", by=world.mara)


class TestRollingBack:
    def test_customers_run_the_version_before_it_again(self, world):
        former = actions.open_release(
            by=world.cast.bo, title="Winter", version="4.1.0", service=world.cast.mail_service
        )
        wave = actions.add_wave(
            former,
            name="All",
            start=MONDAY,
            end=MONDAY + HOUR,
            organizations=[world.cast.acme],
            by=world.cast.bo,
        )
        release = world.put("deploying")
        wave.deployments.update(ended_at=MONDAY - HOUR)
        assert running() == {("Acme", "4.2.0"), ("Globex", "4.2.0")}
        incident = open_incident(
            by=world.cast.ann, title="Mail stops", text="It does.", requester=world.cast.ann,
            channel="portal",
        )  # fmt: skip
        values = {"note": "Mail stopped.", "incident": incident}
        moved = actions.move(release, "roll_back", by=world.mara, values=values)
        assert (moved.status, moved.phase) == ("rolled_back", "done")
        assert running() == {("Acme", "4.1.0")}
        assert incident.links_out.get().target_id == release.pk


def running():
    rows = Deployment.objects.holding().select_related("release", "organization")
    return {(row.organization.name, row.release.release_version) for row in rows}
