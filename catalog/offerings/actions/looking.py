"""Seeing the catalog through somebody else's eyes."""

from wagtail.log_actions import log

from catalog.offerings.permissions import NO_VIEW_AS, may_view_as
from itil.tickets.errors import NotAllowed
from portal.people.models import User

# The name of a line in Wagtail's audit log: somebody looked at the catalog as somebody else.
VIEWED_AS = "offerings.viewed_as"


def view_as(person: User, *, by: User) -> None:
    """Let `by` see the catalog as `person` does; every look is a line of the audit log."""
    if not may_view_as(by, person):
        raise NotAllowed(NO_VIEW_AS)
    log(instance=person, action=VIEWED_AS, user=by)
