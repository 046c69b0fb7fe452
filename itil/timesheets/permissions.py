"""Who may do what to an entry (domain section 8). Booking itself is asked of the ticket."""

from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import User


def may_decide(user: User, entry: TimeEntry) -> bool:
    """Approve or reject it: leads, on tickets of their teams and of their people, never their own
    (`VIS-7`). One query for leads.
    """
    if not user.grants.is_lead:
        return False
    return TimeEntry.objects.filter(pk=entry.pk).decided_by(user).exists()


def may_correct(user: User, entry: TimeEntry) -> bool:
    """Correct or remove it: who worked, and who decides about it."""
    own = entry.agent_id == user.pk and user.grants.is_agent
    return own or may_decide(user, entry)


def may_reopen(user: User, entry: TimeEntry) -> bool:
    """Take it back before it was decided, or afterwards as who decides."""
    own = entry.agent_id == user.pk and user.grants.is_agent
    return (own and entry.state != EntryState.APPROVED) or may_decide(user, entry)


def may_write_off(user: User, entry: TimeEntry) -> bool:
    """Give up billing it: who decides about it, and billing clerks."""
    return user.grants.is_billing_clerk or may_decide(user, entry)
