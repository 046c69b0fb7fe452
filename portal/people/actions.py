"""What people change about themselves."""

from datetime import datetime

from django.db import transaction

from .models import Delegation, User


@transaction.atomic
def change_own_settings(person: User, *, language: str, time_zone: str, theme: str) -> User:
    """Store how this person wants pages shown; an empty language or zone means the house's own."""
    person.language = language
    person.time_zone = time_zone
    person.theme = theme
    person.save(update_fields=["language", "time_zone", "theme"])
    return person


def name_stand_in(
    person: User,
    *,
    delegate: User,
    starts_at: datetime,
    ends_at: datetime,
    includes_confidential: bool,
) -> Delegation:
    """Let `delegate` decide for `person` in `[starts_at, ends_at)`; what waits already included
    (`APP-6`).
    """
    return Delegation.objects.create(
        delegator=person,
        delegate=delegate,
        starts_at=starts_at,
        ends_at=ends_at,
        includes_confidential=includes_confidential,
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
