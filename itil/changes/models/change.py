"""A change: what is added to, altered in or taken out of the estate, and may hit a service."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.approvals.models import ApprovalProcess, Source
from itil.approvals.voting import Bench, Rule
from itil.changes.definition import Risk
from itil.changes.lifecycle import (
    HELD,
    LIFECYCLE,
    TABLES,
    ChangeType,
    ConflictStatus,
    Outcome,
    Status,
)
from itil.changes.querysets import ChangeQuerySet
from itil.cmdb.models import Environment
from itil.services.models import Service
from itil.tasks.models import PlanVersion
from itil.tickets.lifecycle import Actor, Lifecycle, Phase
from itil.tickets.models import DeskAction, Ticket
from portal.people.models import User

from .board import AdvisoryBoard
from .guarding import Guards
from .risk import Authority
from .template import ChangeTemplate


class Change(Guards, Ticket):
    """The columns that only changes have. The assignee is the owner of the change."""

    LIFECYCLE = LIFECYCLE
    NUMBER_PREFIX = "CHG"
    IS_INTERNAL = True
    IS_WRITTEN = False
    MANAGED_BY = Actor.CHANGE_MANAGER
    VARIES = True
    MOVE_PAGE = "changes:move"
    DESK_PARTS = "itil/changes/_desk_parts.html"
    DESK_ACTIONS = (
        DeskAction("changes:plan", _("Plan the change…"), "edit"),
        DeskAction("changes:retype", _("Change the type…"), "arrows-exchange"),
        DeskAction("changes:announce", _("Announce it to the users…"), "speakerphone"),
    )

    change_type = models.CharField(
        _("type"), max_length=10, choices=ChangeType, default=ChangeType.NORMAL
    )
    environment = models.CharField(_("environment"), max_length=12, choices=Environment, blank=True)
    # Beside the service of the ticket, which is the first of them.
    affected_services = models.ManyToManyField(
        Service, blank=True, related_name="changes", verbose_name=_("other services")
    )
    # Who carries it out; nobody named: the owner.
    implementers = models.ManyToManyField(
        User, blank=True, related_name="changes_to_implement", verbose_name=_("carried out by")
    )
    template = models.ForeignKey(
        ChangeTemplate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("template"),
    )
    plan_version = models.ForeignKey(
        PlanVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("tasks"),
    )

    reason = models.TextField(_("why it is needed"), blank=True)
    plan = models.TextField(_("implementation plan"), blank=True)
    test_plan = models.TextField(_("test plan"), blank=True)
    back_out_plan = models.TextField(_("back-out plan"), blank=True)
    is_back_out_tested = models.BooleanField(_("the back-out plan was tested"), default=False)
    communication_plan = models.TextField(_("communication plan"), blank=True)
    # Of an emergency: why it cannot wait, and the threat where no record stands for it.
    urgency_reason = models.TextField(_("why it cannot wait"), blank=True)
    security_reason = models.TextField(_("security reason"), blank=True)

    planned_start = models.DateTimeField(_("planned start"), null=True, blank=True)
    planned_end = models.DateTimeField(_("planned end"), null=True, blank=True)
    actual_start = models.DateTimeField(_("started"), null=True, blank=True)
    actual_end = models.DateTimeField(_("ended"), null=True, blank=True)

    # As the last assessment found it; empty before the first.
    risk = models.CharField(_("risk"), max_length=6, choices=Risk, blank=True)
    risk_answers = models.JSONField(default=dict, blank=True)
    # Who decides it, chosen by rule when it is asked for.
    board = models.ForeignKey(
        AdvisoryBoard,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name=_("board"),
    )
    # When the technical peers agreed to it, in its present assessment.
    peers_agreed_at = models.DateTimeField(null=True, blank=True)
    # When its authority was asked, about its present content; the votes since then count.
    asked_at = models.DateTimeField(null=True, blank=True)
    authorized_at = models.DateTimeField(_("authorized"), null=True, blank=True)
    # What was authorized, so that small moves of the window do not add up unseen.
    authorized_start = models.DateTimeField(null=True, blank=True)
    authorized_end = models.DateTimeField(null=True, blank=True)
    conflict_status = models.CharField(
        _("conflicts"), max_length=12, choices=ConflictStatus, default=ConflictStatus.NONE
    )
    conflicts_checked_at = models.DateTimeField(null=True, blank=True)

    # A shorter lead time, not less authority (`CHG-1`).
    is_expedited = models.BooleanField(_("expedited"), default=False)
    outside_window = models.BooleanField(_("outside its window"), default=False)
    is_retrospective = models.BooleanField(_("authorized afterwards"), default=False)
    # Nobody confirmed in time what was begun on a spoken authorization.
    is_unauthorised = models.BooleanField(_("unauthorized"), default=False)
    verbal_authoriser = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("authorized by word of"),
    )
    verbal_at = models.DateTimeField(_("said at"), null=True, blank=True)
    verbal_note = models.TextField(_("what was said"), blank=True)
    confirm_by = models.DateTimeField(_("to be confirmed by"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome, blank=True)
    # When somebody confirmed that the items are described as they are now.
    items_updated_at = models.DateTimeField(_("items brought up to date"), null=True, blank=True)
    caused_incident = models.BooleanField(_("caused an incident"), default=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_end__isnull=True)
                | models.Q(planned_start__isnull=True)
                | models.Q(planned_end__gt=models.F("planned_start")),
                name="change_window_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(actual_end__isnull=True)
                | models.Q(actual_end__gte=models.F("actual_start")),
                name="change_ends_after_its_start",
            ),
        ]
        indexes = [
            # The calendar, and the changes that overlap with another one.
            models.Index(fields=["planned_start", "planned_end"], name="change_window"),
            # Those whose spoken authorization waits to be confirmed.
            models.Index(
                fields=["confirm_by"],
                condition=models.Q(confirmed_at__isnull=True, is_retrospective=True),
                name="change_to_confirm",
            ),
        ]

    @property
    def lifecycle(self) -> Lifecycle:
        """The table of its type; on hold, what ends the hold (`CHG-2`)."""
        return HELD if self.is_on_hold else TABLES[self.change_type]

    @property
    def sheet_url(self) -> str:
        """The page that those read who decide on it."""
        return reverse("changes:sheet", args=[self.number])

    @property
    def is_on_hold(self) -> bool:
        return self.phase == Phase.WAITING

    @classmethod
    def happening(cls, kind: str, data: dict[str, Any]) -> str:
        """What happened to a change beside its steps, in words."""
        words = {
            "reviewed": _now("wrote the review"),
            "items": _now("confirmed that the items are described as they are"),
            "announced": _now("announced it: %(title)s"),
            "withdrawn": _now("withdrew the announcement"),
            "caused": _now("An incident names this change as its cause"),
            "confirmed": _now("The emergency board confirmed it"),
            "unauthorised": _now("Nobody confirmed it in time: it counts as unauthorized"),
            "found": _now("Found a conflict: %(with)s"),
            "gone": _now("A conflict is gone: %(with)s"),
            "accepted": _now("accepted a conflict: %(with)s “%(note)s”"),
            "exempt": _now("let it into the freeze “%(freeze)s”: %(note)s"),
        }
        text = words.get(data.get("what", "")) if kind in ("change", "conflict") else None
        against = next(
            (data[key] for key in ("other", "freeze", "person", "item") if data.get(key)),
            _now("its maintenance windows"),
        )
        told = {"title": "", "note": "", "freeze": ""} | data | {"with": against}
        return text % told if text else ""

    @classmethod
    def status_label_of(cls, status: str) -> str:
        return str(Status(status).label) if status in Status.values else status

    @cached_property
    def implementer_ids(self) -> frozenset[int]:
        """Who carries it out; the owner where nobody is named. One query, kept on this object."""
        named = frozenset(self.implementers.values_list("pk", flat=True))
        return named or frozenset({self.assignee_id} - {None})

    def actors_of(self, user: User) -> frozenset[Actor]:
        if user.is_active and user.pk in self.implementer_ids:
            return frozenset({Actor.IMPLEMENTER})
        return frozenset()

    def shares_notes_with(self, user: User) -> bool:
        """With the members of a board that has it on an agenda or is asked to decide it (`c3`).
        One query.
        """
        return bool(Change.objects.before_boards_of(user).filter(pk=self.pk).exists())

    @property
    def is_asked_by_peers(self) -> bool:
        """Whether somebody has to look at it before authority is asked for. One query."""
        return Authority.objects.filter(
            change_type=self.change_type, risk=self.risk, peer_policy__isnull=False
        ).exists()

    @property
    def is_asked_of_empty_board(self) -> bool:
        """Whether change managers decide in the place of a board on which nobody sits (`APP-3`)."""
        if self.board is None or self.authority is None or not self.board.is_empty:
            return False
        return any(step.source == Source.BOARD for step in self.authority.policy.steps.all())

    @property
    def authority(self) -> Authority | None:
        """The cell of the authority matrix for its type and risk."""
        found = Authority.objects.select_related("policy", "peer_policy")
        return found.filter(change_type=self.change_type, risk=self.risk).first()

    @property
    def has_authority(self) -> bool:
        """Those asked last agreed to it as it is."""
        last = ApprovalProcess.objects.of(self).first()
        return bool(
            last
            and self.asked_at
            and last.started_at >= self.asked_at
            and last.state == ApprovalProcess.State.APPROVED
        )

    def bench(self) -> Bench:
        """The members of its board as they are now, with the deadline of its next meeting."""
        if self.board is None:
            return Bench((), Rule())
        members = list(self.board.members.all())
        until = self.agenda_items.filter(meeting__closed_at__isnull=True).order_by(
            "meeting__starts_at"
        )
        return Bench(
            people=tuple(member.user_id for member in members),
            rule=self.board.voting_rule,
            mandatory=tuple(member.user_id for member in members if member.is_mandatory),
            chairs=tuple(member.user_id for member in members if member.is_chair),
            closes_at=until.values_list("meeting__votes_until", flat=True).first(),
        )

    @property
    def needs_review(self) -> bool:
        """A review must be written before it is closed (domain 2.5)."""
        return (
            self.change_type == ChangeType.EMERGENCY
            or self.outcome != Outcome.SUCCESSFUL
            or self.risk == Risk.HIGH
            or self.caused_incident
        )

    @property
    def needed_plans(self) -> tuple[str, ...]:
        """The plans that its risk asks for, by their columns."""
        base = ("plan", "test_plan", "back_out_plan")
        return (*base, "communication_plan") if self.risk == Risk.HIGH else base

    def is_in_window(self, at: datetime) -> bool:
        """Whether `at` lies in the planned window, give or take the tolerance of the house."""
        if self.planned_start is None or self.planned_end is None:
            return False
        tolerance = settings.CHANGE_WINDOW_TOLERANCE
        return self.planned_start - tolerance <= at < self.planned_end + tolerance
