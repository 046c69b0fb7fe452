"""Who may do what with releases (domain section 8)."""

from itil.desk.permissions import standing
from itil.releases.models import Release
from itil.tickets.lifecycle import Actor
from portal.people.models import User


def may_open(user: User) -> bool:
    """Plan a release: agents, leads and change managers, as with changes."""
    return user.is_active and (user.grants.is_agent or user.grants.is_change_manager)


def may_plan(user: User, release: Release) -> bool:
    """Put changes and waves in, roll out: the owner and the change manager."""
    allowed = {Actor.OWNER, Actor.CHANGE_MANAGER}
    return user.is_active and bool(standing(user, release) & allowed)


def may_decide(user: User, release: Release) -> bool:
    """Go or no-go: change managers, but not on a release of their own."""
    return Actor.CHANGE_MANAGER in standing(user, release) and user.pk != release.assignee_id
