"""What is done to the catalog outside its editors' screens."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Page

from itil.approvals.models import ApprovalPolicy
from itil.fields.models import FieldSet
from itil.tasks.models import TaskPlan
from itil.tickets.errors import NotAllowed
from portal.people.models import User

from .models import CATALOG_SLUG, CatalogItem, CatalogPage, DeliveryFigure
from .permissions import NO_VIEW_AS, may_view_as

# The name of a line in Wagtail's audit log: somebody looked at the catalog as somebody else.
VIEWED_AS = "offerings.viewed_as"
# The group in which Wagtail finds who edits the catalog.
EDITORS = "Catalog managers"
# What editors do to the pages of the catalog, and to what items are made of.
ON_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
MADE_OF = (ApprovalPolicy, FieldSet, TaskPlan)


@dataclass(frozen=True)
class Deliveries:
    """What the last 90 days of one item were like; see `DeliveryFigure` for the meaning."""

    ordered: int = 0
    delivered: int = 0
    promised: int = 0
    kept: int = 0
    median_days: Decimal | None = None
    p90_days: Decimal | None = None


def ensure_catalog(parent: Page) -> CatalogPage:
    """The catalog under `parent`, made when it is not there yet."""
    catalog: CatalogPage | None = CatalogPage.objects.first()
    if catalog is None:
        catalog = CatalogPage(title="Service catalog", slug=CATALOG_SLUG)
        parent.add_child(instance=catalog)
    return catalog


@transaction.atomic
def keep_figures(deliveries: Mapping[int, Deliveries], *, at: datetime) -> None:
    """Store the figures of the items with these keys as counted at `at`; of all others nothing was
    ordered lately. Items that are gone are left out.
    """
    DeliveryFigure.objects.exclude(item__in=deliveries).delete()
    there = set(CatalogItem.objects.filter(pk__in=deliveries).values_list("pk", flat=True))
    DeliveryFigure.objects.bulk_create(
        (
            DeliveryFigure(item_id=pk, counted_at=at, **asdict(found))
            for pk, found in deliveries.items()
            if pk in there
        ),
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=[*asdict(Deliveries()), "counted_at"],
    )


def view_as(person: User, *, by: User) -> None:
    """Let `by` see the catalog as `person` does; every look is a line of the audit log."""
    if not may_view_as(by, person):
        raise NotAllowed(NO_VIEW_AS)
    log(instance=person, action=VIEWED_AS, user=by)


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


def publish_scheduled() -> None:
    """Publish the pages whose time has come and retire those whose time is over."""
    call_command("publish_scheduled", verbosity=0)
