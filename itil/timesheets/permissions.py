"""Who may do what to an entry (domain section 8). Booking itself is asked of the ticket."""

from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import User


def decides_time(user: User) -> bool:
    """Whether there can be time of others that waits for this person."""
    return user.grants.is_lead or user.grants.is_manager


def may_decide(user: User, entry: TimeEntry) -> bool:
    """Approve or reject it: leads, on tickets of their teams and of their people, never their own
    (`VIS-7`); managers what no other lead could. One query for both.
    """
    if not decides_time(user):
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
