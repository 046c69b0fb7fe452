"""Who may do what with invoices (domain section 8). `None` is the system."""

from billing.invoices.models import Invoice
from portal.people.models import User


def may_view(user: User) -> bool:
    """Clerks and managers; everyone else gets the same answer as for a page that is not there."""
    return user.grants.is_billing_clerk or user.grants.is_manager


def may_run(user: User | None) -> bool:
    return user is None or user.grants.is_billing_clerk


def may_issue(user: User | None, invoice: Invoice | None = None) -> bool:
    """Whether `user` may issue this invoice; without one, whether they may issue at all."""
    return user is None or user.grants.is_billing_clerk


def may_book_money(user: User | None) -> bool:
    """Credit notes, payments, write-offs and reminders."""
    return user is None or user.grants.is_billing_clerk


def may_confirm(user: User) -> bool:
    """Be the second person for what a clerk proposes (`c13`)."""
    return user.grants.is_manager
