"""Who sees and who keeps which schedules, role by role."""

import pytest

from itil.schedules import permissions
from itil.schedules.definition import OPENS
from itil.schedules.models import Schedule
from portal.people.models import Membership, Role, User
from tests.cast import person

from . import world

pytestmark = pytest.mark.django_db

assert OPENS == "opens_"


@pytest.fixture
def company(cast):
    """The cast with a problem and a change manager, a member of two teams, and one who left."""
    for name, role in (("pam", Role.PROBLEM_MANAGER), ("chad", Role.CHANGE_MANAGER)):
        made = person(name.title(), cast.halden)
        Membership.objects.create(user=made, role=role)
        setattr(cast, name, User.objects.get(pk=made.pk))
    cast.gone = person("Gus", cast.halden, is_active=False)
    Membership.objects.create(user=cast.gone, role=Role.LEAD, team=cast.desk_team)
    cast.desk = world.schedule(cast, title="desk")
    network = world.check_values(cast, team=cast.network_team)
    cast.network = world.schedule(cast, by=cast.root, values=network, title="network")
    review = {name: value for name, value in network.items() if name != "items"}
    cast.review = world.schedule(cast, by=cast.pam, kind="review", values=review, title="review")
    return cast


SEEN = {
    "root": "desk network review",
    "cleo": "desk",
    "bo": "desk",
    "ned": "network review",
    "pam": "review",
    "chad": "",
    "mia": "",
    "bea": "",
    "ann": "",
    "gone": "",
}
KEPT = SEEN | {"bo": "", "ned": ""}


@pytest.mark.parametrize("name", SEEN)
def test_everybody_sees_and_keeps_what_the_role_gives(company, name):
    user = User.objects.get(pk=getattr(company, name).pk)

    seen = Schedule.objects.visible_to(user).order_by("title").values_list("title", flat=True)
    kept = Schedule.objects.kept_by(user).order_by("title").values_list("title", flat=True)

    assert " ".join(seen) == SEEN[name]
    assert " ".join(kept) == KEPT[name]
    for schedule in Schedule.objects.select_related("team"):
        assert permissions.may_keep(user, schedule) == (schedule.title in KEPT[name].split())


def test_who_makes_schedules_and_of_what(company):
    kinds = {
        name: [one.kind for one in permissions.kinds_for(getattr(company, name))]
        for name in ("root", "cleo", "pam", "chad", "bo", "mia", "ann")
    }

    everything = ["check", "review", "standard-change"]
    assert kinds == {
        "root": everything,
        "cleo": everything,
        "pam": ["review"],
        "chad": ["standard-change"],
        "bo": [],
        "mia": [],
        "ann": [],
    }
    assert permissions.may_create(company.cleo)
    assert not permissions.may_create(company.bo)


def test_the_teams_that_are_offered(company):
    def offered(user, managed_by=""):
        return [team.name for team in permissions.teams_for(user, managed_by)]

    assert offered(company.cleo) == ["Service desk"]
    assert offered(company.root) == ["Network", "Service desk"]
    assert offered(None) == ["Network", "Service desk"]
    assert offered(company.pam) == []
    assert offered(company.pam, "problem_manager") == ["Network", "Service desk"]


def test_nobody_is_named_as_owner_who_left(company):
    assert not permissions.may_name(company.root, company.gone)
    assert permissions.may_name(company.root, company.bo)
    assert permissions.may_name(company.cleo, company.cleo)
    assert permissions.may_name(company.cleo, company.bo, company.bo)
    assert not permissions.may_name(company.cleo, company.bo)
