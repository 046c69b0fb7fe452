"""The parts that a larger piece of work is done in, and the plans they come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskPlan(models.Model):
    """Which tasks lead to a result, as it is edited."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("plan of tasks")
        verbose_name_plural = _("plans of tasks")

    def __str__(self):
        return self.name


class PlanVersion(models.Model):
    """A plan as it was published; what runs by it keeps it."""

    plan = models.ForeignKey(TaskPlan, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "-number"]
        verbose_name = _("version of a plan")
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self):
        return f"{self.plan} {self.number}"
