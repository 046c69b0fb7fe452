"""How the cause was looked for: five whys and a fishbone, kept as rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .problem import Problem


class Why(models.Model):
    """One step of asking why; the answer of one is what the next one asks about."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="whys")
    position = models.PositiveSmallIntegerField(_("order"))
    question = models.CharField(_("why?"), max_length=300)
    answer = models.CharField(_("because"), max_length=500, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("why")
        constraints = [
            models.UniqueConstraint(fields=["problem", "position"], name="why_once_per_place")
        ]

    def __str__(self):
        return self.question


class Branch(models.TextChoices):
    """The bones of the fish: where causes are looked for."""

    PEOPLE = "people", _("People")
    PROCESS = "process", _("Process")
    TECHNOLOGY = "technology", _("Technology")
    INFORMATION = "information", _("Information")
    SUPPLIER = "supplier", _("Suppliers")
    ENVIRONMENT = "environment", _("Environment")


class Cause(models.Model):
    """A possible cause on one bone of the fish."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="causes")
    branch = models.CharField(_("where"), max_length=12, choices=Branch)
    text = models.CharField(_("possible cause"), max_length=300)
    # What the analysis found of it; None: not looked at yet.
    is_confirmed = models.BooleanField(_("confirmed"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["branch", "position", "pk"]
        verbose_name = _("possible cause")
        verbose_name_plural = _("possible causes")

    def __str__(self):
        return self.text
