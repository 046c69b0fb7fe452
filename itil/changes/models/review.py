"""What was learned after a change, what it may have caused, and what people are told of it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.changes.lifecycle import Outcome, Status
from itil.changes.querysets import AnnouncementQuerySet
from itil.services.models import Service
from itil.tickets.models import Ticket
from portal.people.models import User


class PostImplementationReview(models.Model):
    """The review after a change; the last one written counts until the change is closed."""

    change = models.OneToOneField("changes.Change", models.CASCADE, related_name="review")
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome)
    went_well = models.TextField(_("what went well"), blank=True)
    went_wrong = models.TextField(_("what went wrong"), blank=True)
    lessons = models.TextField(_("what we learn from it"))
    follow_up = models.TextField(_("what is done about it"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("post-implementation review")
        verbose_name_plural = _("post-implementation reviews")

    def __str__(self):
        return f"{self.change_id} {self.outcome}"


class CausedIncident(models.Model):
    """An incident that a change may have caused, found by item and time; a person decides."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", _("Caused by the change")
        DISMISSED = "dismissed", _("Not caused by it")

    change = models.ForeignKey("changes.Change", models.CASCADE, related_name="suspects")
    incident = models.ForeignKey(Ticket, models.CASCADE, related_name="suspected_changes")
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    # Why it was found: the items both are about.
    why = models.CharField(max_length=300)
    found_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("incident a change may have caused")
        constraints = [models.UniqueConstraint(fields=["change", "incident"], name="suspect_once")]

    def __str__(self):
        return f"{self.change_id} {self.incident_id} {self.state}"


class Announcement(models.Model):
    """What the users of a service are told about a change (`CHG-8`)."""

    change = models.OneToOneField("changes.Change", models.CASCADE, related_name="announcement")
    services = models.ManyToManyField(Service, related_name="announcements")
    title = models.CharField(_("title"), max_length=200)
    effect = models.TextField(_("what people notice"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("announcement of a change")
        verbose_name_plural = _("announcements of changes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="announcement_ends_later",
            )
        ]

    def __str__(self):
        return self.title

    @property
    def is_running(self) -> bool:
        return self.change.status == Status.IMPLEMENTATION

    @property
    def state_label(self) -> str:
        """What people read of where the change stands (`CHG-8`)."""
        labels = {
            Status.IMPLEMENTATION: _("Work in progress"),
            Status.REVIEW: _("Completed"),
            Status.CLOSED: _("Completed"),
            Status.CANCELLED: _("Cancelled"),
        }
        return str(labels.get(Status(self.change.status), _("Planned work")))
