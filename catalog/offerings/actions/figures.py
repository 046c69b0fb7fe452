"""Keeping what deliveries were like."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.offerings.models import CatalogItem, DeliveryFigure


@dataclass(frozen=True)
class Deliveries:
    """What the last 90 days of one item were like; see `DeliveryFigure` for the meaning."""

    ordered: int = 0
    delivered: int = 0
    promised: int = 0
    kept: int = 0
    median_days: Decimal | None = None
    p90_days: Decimal | None = None


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
