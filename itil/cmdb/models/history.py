"""What happened to items."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User

from .item import ConfigurationItem


class ItemEventKind(models.TextChoices):
    CREATED = "created", _("entered")
    EDITED = "edited", _("changed")
    MOVED = "moved", _("moved")
    HANDED = "handed", _("handed over")
    TAKEN_BACK = "taken_back", _("taken back")
    RELATED = "related", _("related")
    UNRELATED = "unrelated", _("no longer related")
    LABELLED = "labelled", _("labelled")
    LABEL_REVOKED = "revoked", _("label revoked")


class ItemEvent(models.Model):
    """One thing that happened to an item, written with the change and never edited (`GEN-6`).

    `data["changes"]` has the old and the new value of every column that changed, as JSON: keys of
    rows, dates in ISO form; what an item was on a past day is computed from them
    (`itil.cmdb.timeline`). `data["names"]` has the words for those that are keys. A step has its
    `verb` and `note`; a relation its `relation`, `type`, `other` and `is_source`. `actor` empty
    means the system.
    """

    item = models.ForeignKey(ConfigurationItem, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=ItemEventKind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an item")
        indexes = [models.Index(fields=["item", "at", "id"], name="item_event_item_at")]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
