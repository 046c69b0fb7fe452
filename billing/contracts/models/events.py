"""What was changed about contracts and rates, by whom (`GEN-6`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.contracts.querysets import MoneyQuerySet
from portal.people.models import User

from .contract import Contract


class ContractEvent(models.Model):
    """Appended, never edited. `changes`: for each field [before, after] in words."""

    class Kind(models.TextChoices):
        MADE = "made", _("Contract made")
        CHANGED = "changed", _("Contract changed")
        RATE_ADDED = "rate_added", _("Rate added")
        RATE_REMOVED = "rate_removed", _("Rate removed")
        BLOCK_SOLD = "block_sold", _("Prepaid block sold")
        RETAINER_ADDED = "retainer_added", _("Retainer added")

    # Empty: of the price list.
    contract = models.ForeignKey(Contract, models.CASCADE, null=True, related_name="events")
    kind = models.CharField(max_length=14, choices=Kind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("event of a contract")
        verbose_name_plural = _("events of contracts")

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
