"""Who may see reports (domain section 8)."""

from portal.people.models import User


def may_see_reports(user: User) -> bool:
    """Team leads, managers and administrators; the figures hold no confidential ticket."""
    if not user.is_authenticated:
        return False
    grants = user.grants
    return bool(grants.is_lead or grants.is_manager or grants.is_administrator)


def may_try_what_if(user: User) -> bool:
    """Managers and administrators: it weighs what is promised to customers."""
    if not user.is_authenticated:
        return False
    return bool(user.grants.is_manager or user.grants.is_administrator)
