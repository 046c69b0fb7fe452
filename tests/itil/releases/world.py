"""A release with all that its stories need."""

from datetime import timedelta

from django.utils import timezone

from itil.changes.models import Change
from itil.releases import actions
from itil.releases.lifecycle import LIFECYCLE
from itil.releases.models import Deployment, GateDecision, Release
from portal.people.models import Membership, Role
from tests.cast import MONDAY, person
from tests.itil.changes.plans import change_manager, planned

HOUR = timedelta(hours=1)


class World:
    """A release of Bo with one scheduled change, one group of two customers, and a go."""

    def __init__(self, cast):
        self.cast, self.mara = cast, change_manager(cast)
        self.change = planned(cast)
        self.release = actions.open_release(
            by=cast.bo, title="Spring", version="4.2.0", service=cast.mail_service, at=MONDAY
        )
        actions.add_change(self.release, self.change, by=cast.bo, at=MONDAY)
        self.wave = actions.add_wave(
            self.release,
            name="Pilot",
            start=MONDAY + HOUR,
            end=MONDAY + 3 * HOUR,
            organizations=[cast.acme, cast.globex],
            by=cast.bo,
            at=MONDAY,
        )
        self.who = {
            "owner": cast.bo,
            "change_manager": self.mara,
            "agent": person("Amy", cast.halden),
            "lead": cast.cleo,
            "manager": cast.mia,
            "administrator": cast.root,
            "requester": cast.ann,
            "system": None,
        }
        Membership.objects.create(
            user=self.who["agent"], role=Role.AGENT, team=self.release.team or cast.desk_team
        )

    def put(self, status: str) -> Release:
        """The release in this status with all that a step from there asks for."""
        changes = {"status": status, "phase": LIFECYCLE.phases[status]}
        if status == "early_life_support":
            changes["support_until"] = timezone.now() - HOUR
            Change.objects.update(status="closed", phase="done")
        Release.objects.filter(pk=self.release.pk).update(**changes)
        if status == "approval":
            GateDecision.objects.create(
                release=self.release, is_go=True, note="Fine.", decided_by=self.mara, at=MONDAY
            )
        if status == "deploying":
            Deployment.objects.update(status="successful", ended_at=MONDAY)
        return Release.objects.get(pk=self.release.pk)
