"""Who takes part: people, the organizations they belong to, their places, teams and duties."""

from .delegation import Delegation
from .organizations import Location, MailDomain, Organization
from .persons import TEAM_ROLES, CostCentre, Grants, Membership, Role, Team, User

__all__ = [
    "TEAM_ROLES",
    "CostCentre",
    "Delegation",
    "Grants",
    "Location",
    "MailDomain",
    "Membership",
    "Organization",
    "Role",
    "Team",
    "User",
]
