"""What people change about themselves."""

from django.db import transaction

from .models import User


@transaction.atomic
def change_own_settings(person: User, *, language: str, time_zone: str, theme: str) -> User:
    """Store how this person wants pages shown; an empty language or zone means the house's own."""
    person.language = language
    person.time_zone = time_zone
    person.theme = theme
    person.save(update_fields=["language", "time_zone", "theme"])
    return person
