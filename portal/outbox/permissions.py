"""Whom we may write to."""

import re

from django.conf import settings

from portal.people.models import User

# Addresses behind which nobody reads.
_NOBODY = re.compile(
    r"^(no-?_?reply|do-?_?not-?_?reply|mailer-daemon|postmaster|bounces?|nobody)([+._-].*)?$",
    re.IGNORECASE,
)


def may_be_mailed(person: User) -> bool:
    """True for people whose mail arrives: active, with an address that did not bounce."""
    return bool(person.is_active and person.email and person.mail_undeliverable_at is None)


def is_read_by_nobody(address: str) -> bool:
    """True for no-reply senders, mail systems and our own address."""
    local = address.rpartition("@")[0]
    ours_local, _at, ours_domain = settings.REPLY_ADDRESS.lower().rpartition("@")
    ours = re.fullmatch(
        rf"{re.escape(ours_local)}(\+[^@]*)?@{re.escape(ours_domain)}", address.lower()
    )
    return bool(_NOBODY.match(local) or ours)
