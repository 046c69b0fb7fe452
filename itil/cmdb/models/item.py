"""What must be managed to deliver a service, and the classes of such things."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from itil.cmdb.lifecycle import GONE, Status
from itil.cmdb.querysets import ItemQuerySet
from itil.fields.models import FieldSet, FormVersion
from portal.people.models import Location, Organization, Team, User


class Criticality(models.IntegerChoices):
    """How much depends on it, in the order of the criticality of services."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


class Environment(models.TextChoices):
    PRODUCTION = "production", _("Production")
    TEST = "test", _("Test")
    DEVELOPMENT = "development", _("Development")


@dataclass(frozen=True)
class Sign:
    """An icon of the sprite, with the word that administrators choose it by."""

    icon: str
    label: Promise | str


SIGNS = (
    Sign(icon="device-desktop", label=_("Computer")),
    Sign(icon="device-laptop", label=_("Laptop")),
    Sign(icon="device-mobile", label=_("Telephone")),
    Sign(icon="server", label=_("Server")),
    Sign(icon="stack-2", label=_("Cluster")),
    Sign(icon="database", label=_("Database")),
    Sign(icon="network", label=_("Network")),
    Sign(icon="printer", label=_("Printer")),
    Sign(icon="apps", label=_("Software")),
    Sign(icon="building", label=_("Place")),
    Sign(icon="box", label=_("Other")),
)


class ItemClass(models.Model):
    """A kind of items, with questions of its own."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("a kind of"),
    )
    icon = models.CharField(
        _("icon"), max_length=30, choices=[(sign.icon, sign.label) for sign in SIGNS], default="box"
    )
    # The form whose published version asks for what only this class has.
    field_set = models.ForeignKey(
        FieldSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("own fields"),
    )
    # What is offered to who reports a problem by the code on such a thing.
    common_problems = models.TextField(
        _("common problems"), blank=True, help_text=_("One in a line, such as “Paper jam”.")
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("class of items")
        verbose_name_plural = _("classes of items")

    def __str__(self):
        return self.name


class ConfigurationItem(models.Model):
    """A component needed to deliver a service. Changed only by the verbs of `itil.cmdb.actions`."""

    # The code on a label is another one, so that it can be revoked (`FLD-2`).
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    item_class = models.ForeignKey(
        ItemClass, models.PROTECT, related_name="items", verbose_name=_("class")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.PLANNED, editable=False
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="items", verbose_name=_("belongs to")
    )
    owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_items",
        verbose_name=_("owner"),
    )
    # Who has it on the desk or in the bag.
    held_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="held_items",
        verbose_name=_("held by"),
        editable=False,
    )
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("looked after by"),
    )
    location = models.ForeignKey(
        Location,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("location"),
    )
    criticality = models.PositiveSmallIntegerField(
        _("criticality"), choices=Criticality, default=Criticality.LOW
    )
    environment = models.CharField(_("environment"), max_length=12, choices=Environment, blank=True)
    serial = models.CharField(_("serial number"), max_length=100, blank=True)
    asset_tag = models.CharField(_("inventory number"), max_length=60, blank=True)
    vendor = models.CharField(_("vendor"), max_length=120, blank=True)
    purchased_on = models.DateField(_("bought on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", blank=True)
    # Answers to the questions of the class, and the version of the form that they answer.
    details = models.JSONField(default=dict, blank=True)
    details_form = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Counts every change; a form that was shown an older value is refused.
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("configuration item")
        verbose_name_plural = _("configuration items")
        indexes = [
            # The list, by name and by what was touched last.
            models.Index(fields=["name", "id"], name="item_name"),
            models.Index(fields=["updated_at", "id"], name="item_updated"),
            # Update keys of imports.
            models.Index(fields=["serial"], name="item_serial"),
        ]
        constraints = [
            # An inventory number names one item of an organization.
            models.UniqueConstraint(
                fields=["organization", "asset_tag"],
                condition=~models.Q(asset_tag=""),
                name="item_asset_tag_once",
            ),
            # What is gone is held by nobody.
            models.CheckConstraint(
                condition=~models.Q(status__in=[str(status) for status in GONE])
                | models.Q(held_by__isnull=True),
                name="item_gone_is_held_by_nobody",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=False, status=str(Status.RETIRED))
                | (models.Q(retired_at__isnull=True) & ~models.Q(status=str(Status.RETIRED))),
                name="item_retired_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0),
                name="item_cost_not_negative",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The page of staff; who holds an item reads of it on `cmdb:mine`."""
        return reverse("cmdb:item", args=[self.number])

    @property
    def number(self) -> str:
        """Its number for people, such as CI-000123; keys are never given twice (`GEN-5`)."""
        return f"CI-{self.pk:06d}"

    @property
    def is_present(self) -> bool:
        """Part of the estate: neither retired nor lost."""
        return self.status not in GONE

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)
