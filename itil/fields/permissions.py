"""Who may publish forms."""

from portal.people.models import User


def may_publish(user: User) -> bool:
    """Catalog managers and administrators."""
    return user.is_active and (user.grants.is_catalog_manager or user.grants.is_administrator)
