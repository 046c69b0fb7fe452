"""What stands against a change being carried out when it is planned (`CHG-3`)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from itil.changes.querysets import ConflictQuerySet
from itil.cmdb.models import ConfigurationItem
from portal.people.models import User

from .change import Change
from .windows import FreezeWindow


class ConflictKind(models.TextChoices):
    SAME_CI = "same_ci", _("Same item")
    RELATED_CI = "related_ci", _("Related items")
    SAME_ASSIGNEE = "same_assignee", _("Same person")
    FREEZE = "freeze", _("Freeze")
    OUTSIDE = "outside_maintenance_window", _("Outside the maintenance windows")


class ConflictSeverity(models.TextChoices):
    WARN = "warn", _("Warns: a change manager must accept it")
    BLOCK = "block", _("Blocks")
    IGNORE = "ignore", _("Is not looked for")


# Unless an administrator says otherwise.
DEFAULT_SEVERITIES = {
    ConflictKind.SAME_CI: ConflictSeverity.WARN,
    ConflictKind.RELATED_CI: ConflictSeverity.WARN,
    ConflictKind.SAME_ASSIGNEE: ConflictSeverity.WARN,
    ConflictKind.FREEZE: ConflictSeverity.BLOCK,
    ConflictKind.OUTSIDE: ConflictSeverity.WARN,
}


class ConflictRule(models.Model):
    """How heavily a kind of conflict weighs. One row per kind, made when first needed."""

    kind = models.CharField(_("kind"), max_length=26, choices=ConflictKind, unique=True)
    severity = models.CharField(_("severity"), max_length=6, choices=ConflictSeverity)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("weight of a conflict")
        verbose_name_plural = _("weights of conflicts")

    def __str__(self):
        return str(self.get_kind_display())


class Conflict(models.Model):
    """One reason against the window of a change, from when it was found until it was gone.

    Two changes that disturb each other have a row each, as each may be moved or accepted by
    itself; a draft has rows against what is planned, and what is planned none against drafts.
    `[starts_at, ends_at)` is the time in question. Never deleted; the same reason found again
    after it had gone is another row.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="conflicts")
    kind = models.CharField(_("kind"), max_length=26, choices=ConflictKind)
    severity = models.CharField(_("severity"), max_length=6, choices=ConflictSeverity)
    other = models.ForeignKey(
        Change, models.CASCADE, null=True, blank=True, related_name="conflicts_of_others"
    )
    # The first by name of `count` items; `other_item` is the one of the other change it depends
    # on, or that depends on it.
    item = models.ForeignKey(
        ConfigurationItem, models.PROTECT, null=True, blank=True, related_name="+"
    )
    other_item = models.ForeignKey(
        ConfigurationItem, models.PROTECT, null=True, blank=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    freeze = models.ForeignKey(
        FreezeWindow, models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    found_at = models.DateTimeField()
    # Empty while it stands.
    gone_at = models.DateTimeField(null=True, blank=True)

    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(_("why it is accepted"), blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        indexes = [
            models.Index(
                fields=["other"], condition=Q(gone_at__isnull=True), name="conflict_other_present"
            ),
        ]
        constraints = [
            # The same reason stands once, however often it is looked for.
            models.UniqueConstraint(
                F("change"),
                F("kind"),
                Coalesce("other_id", 0),
                Coalesce("freeze_id", 0),
                condition=Q(gone_at__isnull=True),
                name="conflict_once",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | (Q(acknowledged_at__isnull=False) & ~Q(note="")),
                name="conflict_accepted_with_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.change_id} {self.kind}"

    @property
    def is_present(self) -> bool:
        return self.gone_at is None

    @property
    def is_blocking(self) -> bool:
        return self.is_present and self.severity == ConflictSeverity.BLOCK

    @property
    def is_open(self) -> bool:
        """It stands, and nobody has accepted it."""
        return self.is_present and self.acknowledged_at is None

    @property
    def in_words(self) -> str:
        """What it is, in a sentence about the change; ask `with_names` first."""
        words = {
            "number": self.other_name,
            "item": self.item.name if self.item else "",
            "other_item": self.other_item.name if self.other_item else "",
            "person": self.person.name if self.person else "",
            "freeze": self.freeze.name if self.freeze else "",
        }
        return " ".join(text for text in (str(_SENTENCES[self.kind]) % words, self._others) if text)

    @property
    def _others(self) -> str:
        if self.item is None or self.count < 2:
            return ""
        count = self.count - 1
        text = ngettext("So does %(count)d more.", "So do %(count)d more.", count)
        return text % {"count": count}

    @property
    def heading(self) -> str:
        """What to call it, with the other change where there is one."""
        if self.other is None:
            return str(self.get_kind_display())
        return _now("%(kind)s as %(number)s") % {
            "kind": self.get_kind_display(),
            "number": self.other_name,
        }

    @property
    def other_name(self) -> str:
        """The number of the other change, for those who may know it; ask `told_to` first."""
        if getattr(self, "hides_other", False):
            return _now("another change")
        return self.other.number if self.other else ""


_SENTENCES = {
    ConflictKind.SAME_CI: _("%(number)s touches %(item)s at the same time."),
    ConflictKind.RELATED_CI: _(
        "%(item)s and %(other_item)s, which %(number)s touches at the same time, depend on each"
        " other."
    ),
    ConflictKind.SAME_ASSIGNEE: _("%(person)s is needed for %(number)s at the same time."),
    ConflictKind.FREEZE: _("It falls into the freeze “%(freeze)s”."),
    ConflictKind.OUTSIDE: _("It is not inside the maintenance windows that it should run in."),
}
