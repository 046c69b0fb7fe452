"""How items depend on each other and what they provide."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.cmdb.querysets import RelationQuerySet
from itil.services.models import Service, ServiceOffering

from .item import ConfigurationItem


class RelationType(models.TextChoices):
    """Directed, stored once, shown from both ends (domain section 1)."""

    DEPENDS_ON = "depends_on", _("depends on")
    RUNS_ON = "runs_on", _("runs on")
    HOSTED_ON = "hosted_on", _("hosted on")
    CONTAINED_IN = "contained_in", _("contained in")
    INSTALLED_ON = "installed_on", _("installed on")
    MEMBER_OF = "member_of", _("member of")
    CONNECTED_TO = "connected_to", _("connected to")
    PROVIDES = "provides", _("provides")
    BACKED_UP_BY = "backed_up_by", _("backed up by")
    LOCATED_AT = "located_at", _("located at")
    OWNED_BY = "owned_by", _("owned by")
    SUPPORTED_BY = "supported_by", _("supported by")
    DOCUMENTED_BY = "documented_by", _("documented by")

    @property
    def inverse_label(self) -> str:
        """What the other end reads."""
        return str(INVERSE_LABELS[self])

    @property
    def is_symmetric(self) -> bool:
        return self == RelationType.CONNECTED_TO


INVERSE_LABELS = {
    RelationType.DEPENDS_ON: _("used by"),
    RelationType.RUNS_ON: _("runs"),
    RelationType.HOSTED_ON: _("hosts"),
    RelationType.CONTAINED_IN: _("contains"),
    RelationType.INSTALLED_ON: _("has installed"),
    RelationType.MEMBER_OF: _("has member"),
    RelationType.CONNECTED_TO: _("connected to"),
    RelationType.PROVIDES: _("provided by"),
    RelationType.BACKED_UP_BY: _("backs up"),
    RelationType.LOCATED_AT: _("place of"),
    RelationType.OWNED_BY: _("owns"),
    RelationType.SUPPORTED_BY: _("supports"),
    RelationType.DOCUMENTED_BY: _("documents"),
}

# When the target fails, the source fails too.
FAILS_WITH_TARGET = (
    RelationType.DEPENDS_ON,
    RelationType.RUNS_ON,
    RelationType.HOSTED_ON,
    RelationType.CONTAINED_IN,
    RelationType.INSTALLED_ON,
)

_PROVIDES = Q(type=str(RelationType.PROVIDES))


class Relation(models.Model):
    """`source` <type> `target` in `[valid_from, valid_until)`; without an end it still holds.

    What provides a service or one of its offerings names that instead of a target. Of a symmetric
    relation the source is the item with the smaller key.
    """

    source = models.ForeignKey(ConfigurationItem, models.CASCADE, related_name="relations_out")
    target = models.ForeignKey(
        ConfigurationItem, models.CASCADE, null=True, blank=True, related_name="relations_in"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="providers"
    )
    offering = models.ForeignKey(
        ServiceOffering, models.CASCADE, null=True, blank=True, related_name="providers"
    )
    type = models.CharField(_("relation"), max_length=16, choices=RelationType)
    # Only of what is connected: a failure of one end is one of the other as well.
    passes_failure = models.BooleanField(_("passes a failure on"), default=False)
    valid_from = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        indexes = [
            # Both ends of what holds now.
            models.Index(
                fields=["source", "type"],
                condition=Q(valid_until__isnull=True),
                name="relation_live_source",
            ),
            models.Index(
                fields=["target", "type"],
                condition=Q(valid_until__isnull=True),
                name="relation_live_target",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "type"],
                condition=Q(valid_until__isnull=True, target__isnull=False),
                name="relation_once",
            ),
            models.UniqueConstraint(
                fields=["source", "service"],
                condition=Q(valid_until__isnull=True, service__isnull=False),
                name="relation_to_service_once",
            ),
            models.UniqueConstraint(
                fields=["source", "offering"],
                condition=Q(valid_until__isnull=True, offering__isnull=False),
                name="relation_to_offering_once",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True) | ~Q(source=F("target")),
                name="relation_not_to_itself",
            ),
            models.CheckConstraint(
                condition=(
                    _PROVIDES
                    & Q(target__isnull=True)
                    & (
                        Q(service__isnull=False, offering__isnull=True)
                        | Q(service__isnull=True, offering__isnull=False)
                    )
                )
                | (
                    ~_PROVIDES
                    & Q(target__isnull=False, service__isnull=True, offering__isnull=True)
                ),
                name="relation_has_one_target",
            ),
            # Stored once, from the smaller key.
            models.CheckConstraint(
                condition=~Q(type=str(RelationType.CONNECTED_TO)) | Q(source__lt=F("target")),
                name="relation_connected_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="relation_ends_after_start",
            ),
        ]

    def __str__(self):
        return f"{self.source_id} {self.type} {self.target_id or self.service_id}"

    @property
    def relation_type(self) -> RelationType:
        return RelationType(self.type)
