"""Who may do what to the catalog."""

from django.utils.translation import gettext_lazy as _

from portal.people.models import User

NO_VIEW_AS = _("Only catalog managers and administrators see the catalog as somebody else.")


def may_view_as(user: User, person: User) -> bool:
    """Whether `user` may see the catalog as `person` does, to check an audience."""
    return person.is_active and may_view_as_others(user)


def may_view_as_others(user: User) -> bool:
    """Whether `user` may see the catalog as other people do at all."""
    return user.grants.is_catalog_manager or user.grants.is_administrator
