"""Who edits the catalog in the admin."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupPagePermission

from catalog.offerings.models import Bundle, CatalogPage
from itil.approvals.models import ApprovalPolicy
from itil.fields.models import FieldSet
from itil.tasks.models import TaskPlan
from portal.people.models import User

# The group in which Wagtail finds who edits the catalog.
EDITORS = "Catalog managers"
# What editors do to the pages of the catalog, and to what items are made of.
ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
MADE_OF = (ApprovalPolicy, Bundle, FieldSet, TaskPlan)


def keep_editor(person: User) -> None:
    """Put `person` into the group of the catalog's editors or take them out, as their duty says.

    One query unless something changed.
    """
    is_editor = person.groups.filter(name=EDITORS).exists()
    if person.grants.is_catalog_manager and not is_editor:
        person.groups.add(_editors())
    elif is_editor and not person.grants.is_catalog_manager:
        person.groups.remove(Group.objects.get(name=EDITORS))


@transaction.atomic
def _editors() -> Group:
    """The group with everything its members need; what an administrator changed later stays."""
    group, is_new = Group.objects.get_or_create(name=EDITORS)
    catalog = CatalogPage.objects.first()
    if catalog is not None:
        wanted = Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=ON_PAGES
        )
        for permission in wanted:
            GroupPagePermission.objects.get_or_create(
                group=group, page=catalog.page_ptr, permission=permission
            )
    if is_new:
        kinds = ContentType.objects.get_for_models(*MADE_OF).values()
        group.permissions.set(
            Permission.objects.filter(content_type__in=kinds)
            | Permission.objects.filter(codename="access_admin")
        )
    return group
