"""The base record of everything the desk works on, its history, links and participants.

A record type (incident, request, ...) is a child table of `Ticket`, exactly one level deep.
Whatever is listed, sorted, filtered, clocked or reported is a column here.
"""

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from itil.services.models import Service
from itil.tickets.lifecycle import Actor, Lifecycle, Phase
from itil.tickets.querysets import TicketQuerySet
from portal.people.models import Organization, Team, User

from .classification import Category, Channel, Level, Priority, Severity


class DeskAction(NamedTuple):
    """Something staff may do with records of a type: the name of its page's URL, label and icon."""

    url: str
    label: str | Promise
    icon: str


class Ticket(models.Model):
    """One record the desk works on. Changed only by the verbs of `itil.desk`."""

    # Set by each child class; the base class has none of its own.
    LIFECYCLE: Lifecycle
    NUMBER_PREFIX: str
    # What somebody wrote may become a record of this type. False for what is ordered by a form,
    # with approvals and tasks of its own: it is not split off, nor merged into another one.
    IS_WRITTEN = True
    # The desk's own record: nobody asked for it, no customer or employee ever meets it, nothing
    # was promised about it, and the figures of tickets leave it out.
    IS_INTERNAL = False
    # The duty that answers for all records of this type, beside the teams that work on them.
    MANAGED_BY: Actor | None = None
    # Its life cycle or its actors depend on the columns of the type, which its pages then read.
    VARIES = False
    # The page of a step along its life cycle; one of its own where more follows from a step.
    MOVE_PAGE = "desk:move"
    # The template of what only this type shows to staff on its page, given `ticket`.
    DESK_PARTS = ""
    # What staff who may edit it find under 'more' while it is open; the pages may be of upper apps.
    DESK_ACTIONS: tuple[DeskAction, ...] = ()

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True)
    # The model name of the child row; says which life cycle applies without a query.
    kind = models.CharField(max_length=20)
    title = models.CharField(_("subject"), max_length=250)

    status = models.CharField(_("status"), max_length=24)
    phase = models.CharField(max_length=8, choices=[(p.value, p.value) for p in Phase])
    hold_reason = models.CharField(max_length=24, blank=True)

    impact = models.PositiveSmallIntegerField(_("impact"), choices=Level, default=Level.LOW)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Level, default=Level.MEDIUM)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority)
    priority_overridden = models.BooleanField(default=False)
    # The contract's own scale, 1 to 4 (`PRI-4`); empty unless an agreement counts by it.
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity, null=True, blank=True
    )

    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    requester = models.ForeignKey(
        User, models.PROTECT, related_name="requested_tickets", verbose_name=_("requester")
    )
    requested_for = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="tickets_for_me"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="tickets", verbose_name=_("organization")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="tickets", verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_tickets",
        verbose_name=_("assignee"),
    )
    service = models.ForeignKey(
        Service,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("service"),
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("category"),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed"
    )
    is_confidential = models.BooleanField(_("confidential"), default=False)

    # When the desk could first know (`SLA-9`), as against `opened_at`, when the row was made.
    received_at = models.DateTimeField(_("received"))
    opened_at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    first_assigned_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(null=True, blank=True)
    on_hold_since = models.DateTimeField(null=True, blank=True)
    resume_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    # The team that held it at that moment; empty while it is not resolved.
    resolved_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="resolved_tickets"
    )
    first_resolved_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.PositiveIntegerField(default=0)
    reassignment_count = models.PositiveIntegerField(default=0)
    # Not before any of the instants above that are over: what changed since is found by it alone.
    updated_at = models.DateTimeField(_("updated"), default=timezone.now)

    # When it is to be done by agreement with the requester; some targets go by it (`SLA-3`).
    agreed_at = models.DateTimeField(_("agreed date"), null=True, blank=True)

    # Copied from the clock that is due next, so that queues sort without a join; empty while no
    # clock runs. `is_breached` is true once any clock of the ticket was missed.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    at_risk_at = models.DateTimeField(null=True, blank=True)
    is_breached = models.BooleanField(default=False)

    # Who works on it right now (`INC-6`).
    claimed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="claimed_tickets"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)

    # Counts every change; a form that was shown an older value is refused (compare-and-set).
    version = models.PositiveIntegerField(default=1)
    custom = models.JSONField(default=dict, blank=True)
    # The key the record had where it was imported from; empty for our own.
    source_reference = models.CharField(max_length=100, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            # The queue: open tickets, the soonest due first.
            models.Index(
                fields=["due_at", "id"],
                condition=~models.Q(phase="done"),
                name="ticket_open_due",
            ),
            models.Index(
                fields=["team", "due_at", "id"],
                condition=~models.Q(phase="done"),
                name="ticket_open_team_due",
            ),
            models.Index(
                fields=["assignee", "due_at", "id"],
                condition=~models.Q(phase="done"),
                name="ticket_open_assignee_due",
            ),
            # How many open tickets a person may see, by view: counted from the index alone.
            models.Index(
                fields=[
                    "team",
                    "assignee",
                    "requester",
                    "requested_for",
                    "is_confidential",
                    "phase",
                    "due_at",
                ],
                condition=~models.Q(phase="done"),
                name="ticket_open_seen",
            ),
            # My requests, newest first.
            models.Index(fields=["requester", "-received_at"], name="ticket_requester"),
            # The queue sorted by time, and the reports' period reads.
            models.Index(fields=["received_at", "id"], name="ticket_received"),
            models.Index(fields=["updated_at", "id"], name="ticket_updated"),
            models.Index(fields=["organization", "received_at"], name="ticket_organization"),
            # Auto-close: resolved tickets, oldest first.
            models.Index(
                fields=["resolved_at"],
                condition=models.Q(status="resolved"),
                name="ticket_resolved",
            ),
            # The same of delivered requests.
            models.Index(
                fields=["resolved_at"],
                condition=models.Q(status="fulfilled"),
                name="ticket_fulfilled",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(impact__range=(1, 3), urgency__range=(1, 3)),
                name="ticket_levels_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(priority__range=(1, 5)), name="ticket_priority_in_range"
            ),
            # An importer run twice finds its own rows.
            models.UniqueConstraint(
                fields=["source_reference"],
                condition=~models.Q(source_reference=""),
                name="ticket_source_reference_once",
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    def get_absolute_url(self):
        """The staff page; employees follow `requests:detail`."""
        return reverse("desk:ticket", args=[self.number])

    @classmethod
    def model_of(cls, kind: str) -> type["Ticket"]:
        """The child class that holds the extra columns of `kind`; KeyError when there is none."""
        for child in Ticket.__subclasses__():
            if child._meta.model_name == kind:
                return child
        raise KeyError(kind)

    @classmethod
    def internal_kinds(cls) -> list[str]:
        """The kinds of the desk's own records."""
        return [child._meta.model_name for child in Ticket.__subclasses__() if child.IS_INTERNAL]

    @property
    def record_model(self) -> type["Ticket"]:
        return self.model_of(self.kind)

    @property
    def types(self) -> list[type["Ticket"]]:
        """Its type, then the others: its history may be that of another type (`VOC-1`)."""
        own = self.record_model
        return [own, *(child for child in Ticket.__subclasses__() if child is not own)]

    @property
    def lifecycle(self) -> Lifecycle:
        """The life cycle of this record's type, without a query."""
        return self.record_model.LIFECYCLE

    @property
    def specific(self) -> "Ticket":
        """This record with the columns of its type. One query unless it is already the child."""
        if type(self) is self.record_model:
            return self
        return self.record_model.objects.get(pk=self.pk)

    @classmethod
    def happening(cls, kind: str, data: dict) -> str:
        """What an event that only this type has says, after the actor's name; empty for none."""
        return ""

    def actors_of(self, user: User) -> frozenset[Actor]:
        """The capacities that only its type knows, such as carrying out a change."""
        return frozenset()

    def shares_notes_with(self, user: User) -> bool:
        """Whether `user` reads and writes its internal notes for a reason that only its type knows,
        such as a seat on the board that decides it.
        """
        return False

    def columns_along(self, mark: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
        """Columns of its type that change with a step that means `mark` and was given `values`."""
        return {}

    def ensure_retypable(self) -> None:
        """Raises Refused while what only its type keeps would be lost with another type."""

    @property
    def kind_label(self) -> str:
        return self.record_model._meta.verbose_name

    @property
    def desk_parts(self) -> str:
        """The template of what only its type shows to staff; empty for none."""
        return self.record_model.DESK_PARTS

    @property
    def is_open(self) -> bool:
        return self.phase != Phase.DONE

    @property
    def is_waiting(self) -> bool:
        return self.phase == Phase.WAITING

    @property
    def status_label(self) -> str:
        """What staff read."""
        return self.record_model.status_label_of(self.status)

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return status

    def past_status_label(self, status: str) -> str:
        """What staff read for a status of its history, which may be that of a former type."""
        labels = (model.status_label_of(status) for model in self.types)
        return next((label for label in labels if label != status), status)

    @property
    def public_status_label(self) -> str:
        """What the requester reads (domain 2.1)."""
        if self.merged_into_id is not None:
            return str(_("Combined"))
        labels = self.lifecycle.public_labels
        return labels.get(f"{self.status}/{self.hold_reason}") or labels.get(
            self.status, self.status
        )
