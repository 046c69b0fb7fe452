"""Lists of items that were uploaded, with what came of them."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User


class ItemImport(models.Model):
    """A file as it was uploaded; tried first, then carried out once. Its rejects are kept.

    `result` has the number of lines `created`, `changed`, `same` and `refused`; the `lines` of the
    preview, each as `[line, outcome, name, what]`; and `rejects`, `[line, why, cells]`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    text = models.TextField()
    key = models.CharField(max_length=20)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    # Empty while it was only tried.
    carried_out_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("import of items")
        verbose_name_plural = _("imports of items")

    def __str__(self):
        return self.file_name
