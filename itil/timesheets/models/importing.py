"""Files of entries."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User


class TimeImport(models.Model):
    """A file of one's own entries as it was uploaded; tried first, then carried out once.

    `result` has the number of lines `created`, `same` and `refused`, the `minutes` that are new,
    and the `lines`, each as `[line, outcome, what, minutes]`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    text = models.TextField()
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    # Empty while it was only tried.
    carried_out_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("import of time")
        verbose_name_plural = _("imports of time")

    def __str__(self):
        return self.file_name
