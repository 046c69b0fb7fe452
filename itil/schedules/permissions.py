"""Who may do what with schedules. Who sees and keeps which rows stands in `querysets`."""

from collections.abc import Sequence

from django.db.models import QuerySet

from itil.desk.permissions import duties_of
from itil.schedules.definition import Opener, openers
from itil.schedules.models import Schedule
from portal.people.models import Team, User


def may_keep(user: User, schedule: Schedule) -> bool:
    """Change it, switch it, run it now: who keeps it."""
    return may_keep_in(user, schedule.team, schedule.managed_by)


def may_keep_in(user: User, team: Team, managed_by: str) -> bool:
    """Have a schedule that opens into this team: administrators; its leads; the problem or change
    manager for what opens problems or changes (`managed_by`).
    """
    if not user.is_active:
        return False
    grants = user.grants
    if grants.is_administrator or team.pk in grants.led_team_ids:
        return True
    return managed_by in duties_of(grants)


def may_create(user: User) -> bool:
    """Make schedules of some kind."""
    return bool(kinds_for(user))


def kinds_for(user: User) -> Sequence[Opener]:
    """What schedules of this person may open: leads and administrators anything, managers what
    they answer for.
    """
    grants = user.grants
    if grants.is_administrator or grants.is_lead:
        return openers()
    return [one for one in openers() if one.managed_by in duties_of(grants)]


def teams_for(user: User | None, managed_by: str = "") -> QuerySet[Team]:
    """The teams into which a person may have something opened; for None, all that are active."""
    teams: QuerySet[Team] = Team.objects.filter(active=True)
    if user is None or user.grants.is_administrator or managed_by in duties_of(user.grants):
        return teams
    return teams.filter(pk__in=user.grants.led_team_ids)


def may_name(user: User, owner: User, former: User | None = None) -> bool:
    """Make `owner` the one who answers: administrators anybody, others themselves or whoever is
    it already; records are opened in the owner's name.
    """
    if not owner.is_active:
        return False
    return user.grants.is_administrator or owner in (user, former)
