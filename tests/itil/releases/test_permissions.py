"""Who may do what with releases (domain section 8), role by role."""

import pytest

from itil.releases import permissions
from itil.releases.models import Release

ROLES = (
    "owner",
    "change_manager",
    "agent",
    "lead",
    "manager",
    "administrator",
    "requester",
)


def those_who(world, may):
    return {name for name in ROLES if may(world.who[name])}


def test_agents_leads_and_change_managers_plan_releases(world):
    assert those_who(world, permissions.may_open) == {"owner", "change_manager", "agent", "lead"}


def test_the_owner_and_the_change_manager_put_it_together_and_roll_it_out(world):
    allowed = those_who(world, lambda user: permissions.may_plan(user, world.release))
    assert allowed == {"owner", "change_manager"}


def test_only_change_managers_decide_and_never_on_their_own(world):
    def allowed():
        release = Release.objects.get()
        return those_who(world, lambda user: permissions.may_decide(user, release))

    assert allowed() == {"change_manager"}
    Release.objects.update(assignee=world.mara)
    assert allowed() == set()


@pytest.mark.parametrize("name", ["owner", "change_manager"])
def test_who_has_left_does_nothing(world, name):
    user = world.who[name]
    user.is_active = False
    assert not permissions.may_open(user)
    assert not permissions.may_plan(user, world.release)
    assert not permissions.may_decide(user, world.release)
