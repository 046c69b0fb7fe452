"""Who may do what with invoices (domain section 8). `None` is the system."""

from billing.invoices.models import Invoice
from itil.tickets.models import Ticket
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


def may_send(user: User | None) -> bool:
    """Send invoices, give out links and revoke them."""
    return user is None or user.grants.is_billing_clerk


def may_ask_about(user: User, invoice: Invoice) -> bool:
    """Dispute a line or ask: a billing contact, about what was issued to the own organization."""
    theirs = user.grants.is_billing_contact and user.organization_id == invoice.organization_id
    return theirs and invoice.is_frozen


def may_settle(user: User) -> bool:
    return user.grants.is_billing_clerk


def may_follow_money(user: User, ticket: Ticket) -> bool:
    """See on a ticket what was billed of it: clerks, managers, and who leads its team."""
    leads = ticket.team_id is not None and ticket.team_id in user.grants.led_team_ids
    return may_view(user) or leads
