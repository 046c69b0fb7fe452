"""What a ticket is about, how bad it is and how it came in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """What a ticket is about; a tree of any depth."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="category_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=models.Q(parent__isnull=True),
                name="category_root_once",
            ),
        ]

    def __str__(self):
        return self.name


class Level(models.IntegerChoices):
    """Impact and urgency (domain section 3)."""

    HIGH = 1, _("High")
    MEDIUM = 2, _("Medium")
    LOW = 3, _("Low")


class Priority(models.IntegerChoices):
    CRITICAL = 1, _("Critical")
    HIGH = 2, _("High")
    MODERATE = 3, _("Moderate")
    LOW = 4, _("Low")
    PLANNING = 5, _("Planning")


class Severity(models.IntegerChoices):
    """The scale of a contract, whatever the priority is (`PRI-4`)."""

    SEV1 = 1, "sev1"
    SEV2 = 2, "sev2"
    SEV3 = 3, "sev3"
    SEV4 = 4, "sev4"


class Channel(models.TextChoices):
    """How a ticket or a message came in."""

    PORTAL = "portal", _("Portal")
    MAIL = "mail", _("E-mail")
    PHONE = "phone", _("Telephone")
    DESK = "desk", _("At the desk")
    API = "api", _("Other system")
    SYSTEM = "system", _("System")
