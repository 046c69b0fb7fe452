"""A part of a larger piece of work, done by one team."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.calendars.models import BusinessCalendar
from itil.conversation.models import StoredFile
from itil.tasks.lifecycle import LIFECYCLE, SETTLED, Status
from itil.tasks.querysets import TaskQuerySet
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Phase
from itil.tickets.models import Ticket
from portal.people.models import Team, User

from .plan import EvidenceKind, PlanVersion


class Task(models.Model):
    """One task of a ticket (domain 2.3). Changed only by the verbs of `itil.tasks.actions`."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "TSK"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    ticket = models.ForeignKey(
        Ticket, models.PROTECT, related_name="tasks", verbose_name=_("ticket")
    )
    # Empty for one that was added by hand; so is the key.
    plan_version = models.ForeignKey(
        PlanVersion, models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    key = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what is to be done"), blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tasks",
        verbose_name=_("assignee"),
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=LIFECYCLE.start)
    phase = models.CharField(
        max_length=8, choices=[(p.value, p.value) for p in Phase], default=Phase.WAITING
    )
    is_optional = models.BooleanField(_("optional"), default=False)
    visible_to_requester = models.BooleanField(_("the requester sees it"), default=False)
    # Since when the ticket itself waits for a decision, so that nobody works on its tasks.
    held_since = models.DateTimeField(null=True, blank=True)
    # A hold by the ticket blocked it, and its end lets it go on.
    is_blocked_by_hold = models.BooleanField(default=False)

    # The hours that the due time counts by; empty when a person set it.
    calendar = models.ForeignKey(
        BusinessCalendar, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    # The due time of which it was told that it has passed; each is told once.
    late_told_for = models.DateTimeField(null=True, blank=True, editable=False)
    # Its lines in order, each with its `text` and whether it is `done`.
    checklist = models.JSONField(default=list, blank=True)
    evidence_kind = models.CharField(max_length=4, choices=EvidenceKind, default=EvidenceKind.NONE)
    evidence = models.TextField(_("what shows that it is done"), blank=True)
    # Why it is blocked, failed or was skipped.
    note = models.TextField(_("note"), blank=True)
    # What the people who do it may read of the request: [[question, answer], ...].
    facts = models.JSONField(default=list, blank=True)
    # The failed task that this one tries again.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    predecessors = models.ManyToManyField(
        "self", through="TaskDependency", symmetrical=False, related_name="successors"
    )

    created_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)
    # Counts every change.
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "position", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [
            # The tasks of a ticket, in order.
            models.Index(fields=["ticket", "position", "id"], name="task_ticket_position"),
            # The inbox: what is not done, the soonest due first.
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=~models.Q(phase="done"),
                name="task_live_assignee_due",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=~models.Q(phase="done"),
                name="task_live_team_due",
            ),
            # What is late, whoever has it.
            models.Index(
                fields=["due_at", "id"], condition=~models.Q(phase="done"), name="task_live_due"
            ),
        ]
        constraints = [
            # A plan that is begun twice makes its tasks once; those tried again repeat the key.
            models.UniqueConstraint(
                fields=["ticket", "key"],
                condition=~models.Q(key="") & models.Q(replaces__isnull=True),
                name="task_of_plan_once",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        return reverse("tasks:task", args=[self.number])

    @property
    def lifecycle(self):
        return self.LIFECYCLE

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label)

    @property
    def status_label(self) -> str:
        """What staff read."""
        return self.status_label_of(self.status)

    @property
    def public_status_label(self) -> str:
        """What the requester reads."""
        return str(LIFECYCLE.public_labels[Status(self.status)])

    @property
    def is_live(self) -> bool:
        return self.phase != Phase.DONE

    @property
    def is_held(self) -> bool:
        return self.held_since is not None

    # A list shows how long until it is due as it does for a ticket; these are what that reads.

    @property
    def received_at(self) -> datetime:
        return self.created_at

    @property
    def at_risk_at(self) -> datetime | None:
        """When three quarters of the time until it is due are over."""
        return self.due_at and self.created_at + (self.due_at - self.created_at) * 3 / 4

    @property
    def is_breached(self) -> bool:
        """It ended later than it was due."""
        return bool(self.ended_at and self.due_at and self.due_at < self.ended_at)

    @property
    def open_items(self) -> list[str]:
        """The lines of the checklist that are not ticked."""
        return [item["text"] for item in self.checklist if not item["done"]]

    # --- Guards of the life cycle: raise Refused, with a sentence that says what to do -----------

    def guard_open(self, values: Mapping[str, Any], by: User | None) -> None:
        """All it waits for is done or skipped."""
        if self.predecessors.exclude(status__in=SETTLED).exists():
            raise Refused(
                _now("%(number)s waits for other tasks that are not done yet.")
                % {"number": self.number}
            )

    def guard_start(self, values: Mapping[str, Any], by: User | None) -> None:
        self._ensure_not_held()

    def guard_unblock(self, values: Mapping[str, Any], by: User | None) -> None:
        self._ensure_not_held()

    def guard_finish(self, values: Mapping[str, Any], by: User | None) -> None:
        """The checklist is ticked and what has to be shown is there."""
        if self.open_items:
            raise MissingValue(
                "checklist",
                _now("Tick the whole checklist first. Open: %(items)s.")
                % {"items": "; ".join(self.open_items)},
            )
        if self.evidence_kind == EvidenceKind.TEXT and not values.get("evidence"):
            raise MissingValue("evidence", _now("Write what shows that it is done."))
        if self.evidence_kind == EvidenceKind.FILE and not values.get("files"):
            raise MissingValue("files", _now("Add the file that shows that it is done."))

    def guard_skip(self, values: Mapping[str, Any], by: User | None) -> None:
        """Why a mandatory one is not needed has to be said."""
        if not self.is_optional and not values.get("reason"):
            raise MissingValue("reason", _now("Say why it is skipped."))

    def _ensure_not_held(self) -> None:
        if self.is_held:
            raise Refused(
                _now("%(number)s waits for a decision. Go on when it is made.")
                % {"number": self.ticket.number}
            )


class TaskDependency(models.Model):
    """`task` waits until `predecessor` is done or skipped."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="waits_for")
    predecessor = models.ForeignKey(Task, models.CASCADE, related_name="holds_up")

    class Meta:
        verbose_name = _("dependency")
        constraints = [
            models.UniqueConstraint(fields=["task", "predecessor"], name="dependency_once"),
            models.CheckConstraint(
                condition=~models.Q(task=models.F("predecessor")), name="dependency_not_on_itself"
            ),
        ]

    def __str__(self):
        return f"{self.task_id} after {self.predecessor_id}"


class Evidence(StoredFile):
    """A file that shows that a task is done."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="files")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
