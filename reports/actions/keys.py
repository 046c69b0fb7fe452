"""Keys with which other programs read figures: made, renewed, revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from itil.tickets.errors import NotAllowed
from portal.people.models import User
from reports.models import ReportKey
from reports.permissions import may_read_by_program

# How often a use is written down.
NOTED_EVERY = timedelta(minutes=15)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def renew_key(user: User, *, at: datetime) -> str:
    """A new key of this person; the former one opens nothing from now on.

    The key is returned and not kept. Raises NotAllowed for who may not read figures by program.
    """
    if not may_read_by_program(user):
        raise NotAllowed(_("Only managers and administrators read figures by program."))
    key = secrets.token_urlsafe(32)
    ReportKey.objects.update_or_create(
        user=user,
        defaults={"digest": digest_of(key), "created_at": at, "last_used_at": None},
    )
    return key


def revoke_key(user: User) -> bool:
    """The key opens nothing any more; False when there was none."""
    gone, _rows = ReportKey.objects.filter(user=user).delete()
    return bool(gone)


def read_key(key: str, *, at: datetime) -> User | None:
    """Whose key this is; None when nobody's, or of somebody who may not sign in or read figures."""
    keys = ReportKey.objects.select_related("user__organization")
    found = keys.filter(digest=digest_of(key), user__is_active=True).first()
    if found is None or not may_read_by_program(found.user):
        return None
    if found.last_used_at is None or found.last_used_at < at - NOTED_EVERY:
        ReportKey.objects.filter(pk=found.pk).update(last_used_at=at)
    return found.user
