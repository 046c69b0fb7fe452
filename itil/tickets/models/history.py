"""What happened to a ticket, what it is related to and who takes part."""

from django.db import models
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User

from .classification import Channel
from .ticket import Ticket


class EventKind(models.TextChoices):
    """What can happen to a ticket; `data` of each is described in docs/architecture.md."""

    OPENED = "opened", _("opened")
    MOVED = "moved", _("moved")
    ASSIGNED = "assigned", _("assigned")
    EDITED = "edited", _("edited")
    REPLIED = "replied", _("replied")
    COMMENTED = "commented", _("commented")
    NOTED = "noted", _("noted")
    CLAIMED = "claimed", _("claimed")
    LINKED = "linked", _("linked")
    MERGED = "merged", _("merged")
    SPLIT = "split", _("split")
    TIME_LOGGED = "time_logged", _("time logged")
    SUPPLIER = "supplier", _("supplier")
    CLOCK = "clock", _("service level")
    MAIL = "mail", _("mail")
    APPROVAL = "approval", _("approval")
    TASK = "task", _("task")
    RATED = "rated", _("rated")
    ITEM = "item", _("item")
    CHANGE = "change", _("change")
    MAJOR = "major", _("major incident")
    PROBLEM = "problem", _("problem")
    CONFLICT = "conflict", _("conflict")
    RELEASE = "release", _("release")
    SCHEDULE = "schedule", _("schedule")


class TicketEvent(models.Model):
    """One thing that happened, written in the transaction of the change and never edited.

    `actor` empty means the system (`GEN-9`). `at` is when it happened, `recorded_at` when the row
    was written: an imported or mailed event may be older than its row.
    """

    # The index by ticket and time serves whoever looks for the events of a ticket.
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=12, choices=EventKind)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.DESK)
    data = models.JSONField(default=dict, blank=True)
    # The phase that an opening or a move brought the ticket to, out of `data`; reports go through
    # those of many tickets, by an index that holds it.
    phase = models.GeneratedField(
        expression=models.Case(
            models.When(kind=EventKind.OPENED, then=KT("data__phase")),
            models.When(kind=EventKind.MOVED, then=KT("data__to_phase")),
        ),
        output_field=models.CharField(max_length=8, null=True),
        db_persist=True,
    )
    # The event that made a rule cause this one; keeps rules from chasing each other.
    cause = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    # Empty until the dispatcher has taken the event to the reactions.
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event")
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="event_ticket_at"),
            models.Index(
                fields=["ticket", "at", "id", "phase"],
                condition=models.Q(kind__in=[EventKind.OPENED, EventKind.MOVED]),
                name="event_ticket_phases",
            ),
            # The dispatcher's read: what nobody has reacted to yet.
            models.Index(
                fields=["id"], condition=models.Q(handled_at__isnull=True), name="event_unhandled"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class LinkType(models.TextChoices):
    RELATED = "related", _("related to")
    FOLLOW_UP_OF = "follow_up_of", _("follow-up of")
    DUPLICATE_OF = "duplicate_of", _("duplicate of")
    CAUSED_BY = "caused_by", _("caused by")
    BLOCKED_BY = "blocked_by", _("blocked by")
    FIXED_BY = "fixed_by", _("fixed by")

    @property
    def inverse_label(self) -> str:
        """How it reads from the other end."""
        return str(_INVERSE_LABELS[self])


_INVERSE_LABELS = {
    LinkType.RELATED: _("related to"),
    LinkType.FOLLOW_UP_OF: _("followed up by"),
    LinkType.DUPLICATE_OF: _("has the duplicate"),
    LinkType.CAUSED_BY: _("causes"),
    LinkType.BLOCKED_BY: _("blocks"),
    LinkType.FIXED_BY: _("fixes"),
}


class TicketLink(models.Model):
    """A directed relation, stored once and shown from both ends."""

    source = models.ForeignKey(Ticket, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Ticket, models.CASCADE, related_name="links_in")
    type = models.CharField(max_length=16, choices=LinkType)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("link")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "type"], name="link_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="link_not_to_itself"
            ),
        ]

    def __str__(self):
        return f"{self.source_id} {self.type} {self.target_id}"


class Watcher(models.Model):
    """A participant beside the requester: gets the public messages and may answer them."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="watchers")
    user = models.ForeignKey(User, models.CASCADE, related_name="watched")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("watcher")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="watcher_once")]

    def __str__(self):
        return f"{self.user_id} watches {self.ticket_id}"


class TicketNumber(models.Model):
    """The last number given per prefix, for databases without sequences (see numbering.py)."""

    prefix = models.CharField(max_length=8, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.prefix} {self.last}"
