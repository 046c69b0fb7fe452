"""Addresses of personal calendars: made, renewed, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from itil.changes.models import CalendarFeed
from itil.tickets.errors import NotAllowed
from portal.people.models import User

# How often a reading is written down.
NOTED_EVERY = timedelta(minutes=15)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def renew_feed(user: User, *, at: datetime | None = None) -> str:
    """A new secret for this person's address; the former one reads nothing from now on.

    The secret is returned and not kept. Raises NotAllowed for who is not of the staff.
    """
    at = at or timezone.now()
    if not (user.is_active and user.grants.is_staff):
        raise NotAllowed(_("Only staff read the change calendar."))
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=user,
        defaults={"digest": digest_of(token), "created_at": at, "last_read_at": None},
    )
    return token


def revoke_feed(user: User) -> bool:
    """The address reads nothing any more; False when there was none."""
    gone, _rows = CalendarFeed.objects.filter(user=user).delete()
    return bool(gone)


def read_feed(token: str, *, at: datetime) -> User | None:
    """Whose address this is; None when nobody's, or of somebody who may not sign in any more."""
    feeds = CalendarFeed.objects.select_related("user__location", "user__organization")
    feed = feeds.filter(digest=digest_of(token), user__is_active=True).first()
    if feed is None or not feed.user.grants.is_staff:
        return None
    if feed.last_read_at is None or feed.last_read_at < at - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=at)
    return feed.user
