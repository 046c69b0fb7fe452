"""The procedure for one major incident: who leads it, and when people hear of it next."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.incidents.lifecycle import MAJOR, MajorState
from itil.incidents.querysets import MajorIncidentQuerySet
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import LinkType, TicketLink
from portal.people.models import User

from .incident import Incident

DEFAULT_INTERVAL = 30
# Minutes between two updates: less is no time to work, more than a day is no communication.
SHORTEST_INTERVAL, LONGEST_INTERVAL = 5, 24 * 60


class MajorIncident(models.Model):
    """What an accepted major incident has beside the incident; its state is a column of that."""

    LIFECYCLE = MAJOR

    incident = models.OneToOneField(
        Incident, models.CASCADE, primary_key=True, related_name="major"
    )
    accepted_at = models.DateTimeField(default=timezone.now)
    # Empty when a rule accepted it.
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    interval_minutes = models.PositiveSmallIntegerField(
        _("minutes between updates"), default=DEFAULT_INTERVAL
    )
    # When people are to hear of it next; empty while nobody waits for an update.
    update_due_at = models.DateTimeField(null=True, blank=True)
    # The due instant that the owner was reminded of, so that each is told once.
    reminded_of = models.DateTimeField(null=True, blank=True)
    # What everybody may read on the portal; empty: nothing is shown there.
    announcement = models.CharField(_("public notice"), max_length=250, blank=True)

    objects = MajorIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("major incident")
        verbose_name_plural = _("major incidents")
        indexes = [
            # The reminder's read: what is due and was not told yet.
            models.Index(
                fields=["update_due_at"],
                condition=models.Q(update_due_at__isnull=False),
                name="major_update_due",
            ),
        ]

    def __str__(self):
        return str(self.incident)

    @property
    def status(self) -> str:
        return self.incident.major_state

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(MajorState(status).label)

    # --- checks named by the life cycle -----------------------------------------------------

    def guard_open(self, values: Mapping[str, Any], by: User | None) -> None:
        """The procedure is for what is not solved yet."""
        if not self.incident.is_open:
            words = {"number": self.incident.number, "status": self.incident.status_label}
            raise Refused(_now("%(number)s is “%(status)s” already.") % words)

    def guard_owner(self, values: Mapping[str, Any], by: User | None) -> None:
        """Somebody of the desk leads it (`INC-7`), of any team unless it is confidential."""
        owner = values["owner"]
        may = owner.is_active and owner.grants.is_agent
        if may and self.incident.is_confidential:
            may = Incident.objects.visible_to(owner).filter(pk=self.incident_id).exists()
        if not may:
            raise MissingValue("owner", _now("Choose somebody of the desk who may see it."))

    def guard_interval(self, values: Mapping[str, Any], by: User | None) -> None:
        """People are told at an interval that can be kept."""
        if not SHORTEST_INTERVAL <= values["interval_minutes"] <= LONGEST_INTERVAL:
            raise MissingValue(
                "interval_minutes",
                _now("Choose between %(least)d and %(most)d minutes.")
                % {"least": SHORTEST_INTERVAL, "most": LONGEST_INTERVAL},
            )

    def guard_resolved(self, values: Mapping[str, Any], by: User | None) -> None:
        """It is resolved when the incident is, never on its own."""
        if self.incident.resolved_at is None:
            raise Refused(
                _now("%(number)s is not resolved yet.") % {"number": self.incident.number}
            )

    def guard_review(self, values: Mapping[str, Any], by: User | None) -> None:
        """The review says what happened, why, and what is done about it."""
        from .review import MajorReview  # noqa: PLC0415 - the review is of this record

        review = MajorReview.objects.filter(major=self.pk).first()
        if review is None or not review.is_complete:
            raise MissingValue(
                "what_happened", _now("Write the review first: what happened, causes, actions.")
            )

    def guard_problem(self, values: Mapping[str, Any], by: User | None) -> None:
        """A problem looks for the cause, or it is said why none is needed (`INC-7`)."""
        linked = TicketLink.objects.filter(
            source=self.incident_id, type=LinkType.CAUSED_BY, target__kind="problem"
        )
        if not linked.exists() and not self.review.no_problem_reason.strip():
            raise MissingValue(
                "no_problem_reason",
                _now("Link the problem that looks for the cause, or say why none is needed."),
            )


class MajorRole(models.TextChoices):
    """Who does what while it lasts."""

    MANAGER = "manager", _("Major incident manager")
    COMMUNICATIONS = "communications", _("Communications lead")
    TECHNICAL = "technical", _("Technical lead")


class MajorRoleHolder(models.Model):
    """One role in one major incident, held by one person."""

    major = models.ForeignKey(MajorIncident, models.CASCADE, related_name="roles")
    role = models.CharField(max_length=16, choices=MajorRole)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("role in a major incident")
        constraints = [
            # One person answers for each role.
            models.UniqueConstraint(fields=["major", "role"], name="major_role_once"),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.person}"
