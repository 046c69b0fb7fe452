"""Forms that are made without code: a set of questions, and its published versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldSet(models.Model):
    """A form as it is edited: sections, questions, conditions."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("form")
        verbose_name_plural = _("forms")

    def __str__(self):
        return self.name


class FormVersion(models.Model):
    """A form as it was published: frozen, so that answers can always be read by their questions."""

    field_set = models.ForeignKey(FieldSet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["field_set", "-number"]
        verbose_name = _("version of a form")
        constraints = [
            models.UniqueConstraint(fields=["field_set", "number"], name="form_version_once")
        ]

    def __str__(self):
        return f"{self.field_set} {self.number}"
