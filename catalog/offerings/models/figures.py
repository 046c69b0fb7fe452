"""What deliveries of an item were like lately."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .item import CatalogItem

# The figures look back so many days.
FIGURE_DAYS = 90
# Nine out of ten is told from so many deliveries on, the share kept from fewer (`KPI-23`).
TELLING, FEW = 10, 5


class DeliveryFigure(models.Model):
    """The last 90 days of one item, counted anew now and then by who knows the requests.

    Days are those of the item's promise: working days of its calendar from the approval to the
    delivery, with a fraction. Without enough deliveries a share says nothing and is not shown.
    """

    item = models.OneToOneField(
        CatalogItem, models.CASCADE, related_name="figure", primary_key=True
    )
    ordered = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    # Of those delivered, the ones by the promised time; `promised` had such a time.
    promised = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    median_days = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, validators=[MinValueValidator(0)]
    )
    # Nine out of ten took no longer (type 7, as in reports).
    p90_days = models.DecimalField(
        max_digits=7, decimal_places=2, null=True, validators=[MinValueValidator(0)]
    )
    counted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("delivery figure")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kept__lte=models.F("promised"))
                & models.Q(promised__lte=models.F("delivered")),
                name="figure_adds_up",
            )
        ]
        # Popular items: the most ordered first.
        indexes = [models.Index(fields=["-ordered"], name="figure_ordered")]

    def __str__(self):
        return f"{self.item_id}: {self.ordered}"

    @property
    def kept_percent(self) -> int | None:
        """The share of promises kept, rounded down; None while there are too few."""
        return 100 * self.kept // self.promised if self.promised >= FEW else None

    @property
    def usual_days(self):
        """The median; None while there are too few deliveries."""
        return self.median_days if self.delivered >= FEW else None

    @property
    def nine_in_ten_days(self):
        return self.p90_days if self.delivered >= TELLING else None
