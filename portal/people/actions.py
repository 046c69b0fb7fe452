"""What people change about themselves."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from .models import Delegation, User


@transaction.atomic
def change_own_settings(
    person: User,
    *,
    language: str,
    time_zone: str,
    theme: str,
    hides_name_as_approver: bool = False,
) -> User:
    """Store how this person wants pages shown, and whether requesters read the name of who
    decides; an empty language or zone means the house's own.
    """
    person.language = language
    person.time_zone = time_zone
    person.theme = theme
    person.hides_name_as_approver = hides_name_as_approver
    person.save(update_fields=["language", "time_zone", "theme", "hides_name_as_approver"])
    return person


def name_stand_in(
    person: User,
    *,
    delegate: User,
    starts_at: datetime,
    ends_at: datetime,
    includes_confidential: bool,
    kinds: Collection[str] = (Delegation.Kind.APPROVALS,),
) -> Delegation:
    """Let `delegate` stand in for `person` in `[starts_at, ends_at)` for `kinds`; what waits
    already included (`APP-6`).
    """
    return Delegation.objects.create(
        delegator=person,
        delegate=delegate,
        starts_at=starts_at,
        ends_at=ends_at,
        includes_confidential=includes_confidential,
        **{kind.value: kind in kinds for kind in Delegation.Kind},
    )


@transaction.atomic
def end_stand_in(delegation: Delegation, *, at: datetime) -> None:
    """End it at once; what has not begun is forgotten, what has stays as history."""
    present = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if present.starts_at >= at:
        present.delete()
    elif present.ends_at > at:
        present.ends_at = at
        present.save(update_fields=["ends_at"])
