"""Companies and departments, with their mail domains and places."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.querysets import OrganizationQuerySet


class Organization(models.Model):
    """A customer, a supplier, one of our own departments, or our own company (the provider)."""

    class Kind(models.TextChoices):
        PROVIDER = "provider", _("Our company")
        DEPARTMENT = "department", _("Own department")
        CUSTOMER = "customer", _("Customer")
        SUPPLIER = "supplier", _("Supplier")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CUSTOMER)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country code"), max_length=2, blank=True)
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    billing_email = models.EmailField(_("address for invoices"), blank=True)
    active = models.BooleanField(_("active"), default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self):
        return self.name


class MailDomain(models.Model):
    """Mail from this domain comes from this organization (`MAI-4`). Stored in lower case."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="mail_domains")
    domain = models.CharField(_("domain"), max_length=253, unique=True)

    class Meta:
        ordering = ["domain"]
        verbose_name = _("mail domain")

    def __str__(self):
        return self.domain


class Location(models.Model):
    """A place where people work."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="locations")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("location")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="location_once")
        ]

    def __str__(self):
        return self.name
