"""The addresses by which a contact answers an estimate from a mail, without signing in (`BIL-8`).

A link is signed for one version and one person. Whatever ends the version, ends the link.
"""

import uuid
from dataclasses import dataclass

from django.core import signing

from portal.people.models import User

from .lifecycle import State
from .models import Estimate

SALT = "billing.estimates"


@dataclass(frozen=True)
class Invitation:
    """This person may read this estimate, and answer it while it waits."""

    estimate: Estimate
    person: User


def token_for(estimate: Estimate, person: User) -> str:
    return signing.dumps([estimate.uuid.hex, person.pk], salt=SALT)


def invitation_of(token: str) -> Invitation | None:
    """What the link of `token` is good for; None when we did not make it, or when its person has
    left, may no longer bind the customer, or belongs to another one.
    """
    try:
        name, person_pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    estimate = (
        Estimate.objects.select_related("organization", "ticket", "created_by")
        .filter(uuid=uuid.UUID(name))
        .exclude(state=State.DRAFT)
        .first()
    )
    person = User.objects.filter(pk=person_pk, is_active=True, can_approve_cost=True).first()
    if estimate is None or person is None or person.organization_id != estimate.organization_id:
        return None
    return Invitation(estimate, person)
