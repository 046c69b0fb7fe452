"""What is done to the catalog outside its editors' screens."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.core.management import call_command
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Page

from itil.tickets.errors import NotAllowed
from portal.people.models import User

from .models import CATALOG_SLUG, CatalogItem, CatalogPage, DeliveryFigure
from .permissions import NO_VIEW_AS, may_view_as

# The name of a line in Wagtail's audit log: somebody looked at the catalog as somebody else.
VIEWED_AS = "offerings.viewed_as"


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


def publish_scheduled() -> None:
    """Publish the pages whose time has come and retire those whose time is over."""
    call_command("publish_scheduled", verbosity=0)
