"""Who may do what to items; asked by every verb before it writes."""

from portal.people.models import Organization, User


def may_edit(user: User | None) -> bool:
    """Enter and change items: the system, agents and leads."""
    return user is None or (user.is_active and user.grants.is_agent)


def may_import(user: User | None) -> bool:
    """Many at once: the same people."""
    return may_edit(user)


def is_ours(organization: Organization | None) -> bool:
    """The provider and its departments: their records may be related to anybody's (`VIS-5`)."""
    ours = (Organization.Kind.PROVIDER, Organization.Kind.DEPARTMENT)
    return organization is not None and organization.kind in ours


def may_join(one: Organization | None, other: Organization | None) -> bool:
    """Whether records of the two may be related (`VIS-5`): of one party, or one is the provider's.

    A part and its whole are one party.
    """
    if one is None or other is None:
        return False
    if one.pk == other.pk or other.pk == one.parent_id or one.pk == other.parent_id:
        return True
    return is_ours(one) or is_ours(other)
