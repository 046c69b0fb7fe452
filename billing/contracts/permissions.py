"""Who may do what with contracts and time that is billed (domain section 8)."""

from portal.people.models import User

from .querysets import sees_money


def may_view(user: User) -> bool:
    """Clerks, managers and leads read contracts and rates; everyone else gets a 404."""
    return sees_money(user)


def may_change(user: User | None) -> bool:
    """Contracts, rates, blocks and charges; None is the system."""
    return user is None or user.grants.is_billing_clerk
