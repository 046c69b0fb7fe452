"""Statements of account that somebody asked for."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.invoices.querysets import MoneyQuerySet
from portal.people.models import Organization


def account_path(paper: "AccountPaper", _name: str) -> str:
    return f"accounts/{paper.uuid}.pdf"


class AccountPaper(models.Model):
    """The latest statement of a customer in one currency from a day on, as a file that a worker
    makes. It holds no figures of its own: when the account has changed, it is made again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="account_papers")
    currency = models.CharField(max_length=3)
    since = models.DateField()
    pdf = models.FileField(upload_to=account_path, max_length=200, blank=True)
    # SHA-256 of the page that the file was printed from.
    pdf_of = models.CharField(max_length=64, blank=True)
    # Since when it is wanted; empty when nobody waits.
    requested_at = models.DateTimeField(null=True, blank=True)

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of account")
        verbose_name_plural = _("statements of account")
        constraints = [
            # Two who ask at once wait for one file.
            models.UniqueConstraint(
                fields=["organization", "currency", "since"], name="account_paper_once"
            )
        ]

    def __str__(self):
        return f"{self.organization}, {self.currency}, {self.since:%Y-%m-%d}"
