"""When a person is away (`KPI-14`)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.people.models import User


class Absence(models.Model):
    """Days on which a person does not work, both included; why is not asked."""

    person = models.ForeignKey(
        User, models.CASCADE, related_name="absences", verbose_name=_("person")
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))

    class Meta:
        ordering = ["-first_on", "person__name", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="absence_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.first_on} – {self.last_on}"
