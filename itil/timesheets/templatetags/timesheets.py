"""What the pages about time say of a person beside their own rows."""

from django import template

from itil.timesheets.models import TimeEntry
from itil.timesheets.permissions import decides_time
from portal.people.models import User
from portal.ui.moments import hours_text

register = template.Library()


@register.simple_tag
def time_to_decide(user: User) -> int:
    """How many entries wait for this person's decision. One query for those who decide."""
    if not decides_time(user):
        return 0
    return TimeEntry.objects.decided_by(user).submitted().count()


@register.filter
def reads_time_to_approve(user: User) -> bool:
    """Whether the list of what is not approved is for this person."""
    return decides_time(user) or user.grants.is_billing_clerk


@register.filter
def more_or_less(minutes: int) -> str:
    """A difference as "+1h 30m" or "−45m"."""
    return ("+" if minutes > 0 else "") + hours_text(minutes)
