"""Who may do what with costs and margins (domain section 8, `KPI-25`)."""

from billing.margins.querysets import sees_costs
from portal.people.models import User


def may_keep_costs(user: User | None) -> bool:
    """Managers and administrators; None is the system."""
    return user is None or sees_costs(user)


def may_see_margins(user: User) -> bool:
    """Managers. The cost of a contract on which one person works says what that person costs, so
    clerks and leads do not see it; administrators have no part in the money of customers.
    """
    return user.grants.is_manager
