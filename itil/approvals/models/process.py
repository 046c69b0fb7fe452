"""What runs: who was asked, in which step, and how they decided."""

import uuid
from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.approvals.matter import Matter
from itil.approvals.querysets import ProcessQuerySet, QuestionQuerySet, VoteQuerySet
from itil.approvals.voting import Ballot, Decision
from itil.calendars.models import BusinessCalendar
from itil.tickets.models import Ticket
from portal.people.models import User

from .policy import ApprovalPolicy


class ApprovalProcess(models.Model):
    """One run through the steps of a policy, about one version of a ticket's matter (`APP-1`).

    A material edit ends the run and begins another with the next version (`APP-9`).
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Declined")
        VOID = "void", _("Outdated")
        CANCELLED = "cancelled", _("Withdrawn")

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="approvals")
    # What ran is told by the frozen copies; the policy only groups processes for figures.
    policy = models.ForeignKey(ApprovalPolicy, models.SET_NULL, null=True, related_name="processes")
    policy_name = models.CharField(max_length=200)
    four_eyes = models.BooleanField(default=False)
    calendar = models.ForeignKey(BusinessCalendar, models.SET_NULL, null=True, related_name="+")
    # Counts the runs of a ticket.
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RUNNING)
    matter = models.JSONField()
    # Who may not decide (`APP-4`): the requester, whom it is for, and who else the matter names.
    barred = models.ManyToManyField(User, related_name="+")
    started_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    # Since when the record is on hold, so that nobody decides and no time runs (`CHG-2`).
    suspended_at = models.DateTimeField(null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering = ["ticket", "version"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "version"], name="approval_version_once"),
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(state="running"),
                name="approval_one_running",
            ),
        ]

    def __str__(self):
        return f"{self.policy_name} {self.version}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @cached_property
    def about(self) -> Matter:
        """What is decided on, as it was when the process began."""
        return Matter.of(self.matter)

    @cached_property
    def chain(self) -> list["ApprovalStep"]:
        """The steps in order, each with its `cast_votes`; for pages. Two queries."""
        votes = Vote.objects.live().select_related("voter", "acted_by").order_by("pk")
        return list(
            self.steps.prefetch_related(models.Prefetch("votes", votes, to_attr="cast_votes"))
        )

    @cached_property
    def open_questions(self) -> list["ApprovalQuestion"]:
        """What approvers want to know from the requester; for pages. One query."""
        asked = ApprovalQuestion.objects.open().filter(vote__step__process=self)
        return list(asked.select_related("asked_by", "vote__step__process__ticket"))


class ApprovalStep(models.Model):
    """One step of a process, by terms that were frozen when the process began (`REQ-1`)."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("Not asked yet")
        RUNNING = "running", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Declined")
        NOT_REQUIRED = "not_required", _("Not needed")
        VOID = "void", _("Outdated")

    process = models.ForeignKey(ApprovalProcess, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    # `itil.approvals.terms.StepTerms` as JSON.
    terms = models.JSONField()
    state = models.CharField(max_length=12, choices=State, default=State.NOT_STARTED)
    started_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Since when a question to the owner stops the time-outs; empty while none is open (`APP-5`).
    paused_at = models.DateTimeField(null=True, blank=True)
    # When the votes decide the step, after the moment in which the last one can be taken back;
    # empty while they do not.
    settles_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["process", "position"]
        verbose_name = _("approval step")
        constraints = [
            models.UniqueConstraint(fields=["process", "position"], name="approval_step_once")
        ]
        indexes = [
            # How long a step usually takes.
            models.Index(fields=["decided_at"], name="approval_step_decided"),
            # What is decided as soon as it can no longer be taken back.
            models.Index(
                fields=["settles_at"],
                condition=models.Q(settles_at__isnull=False),
                name="approval_step_settles",
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_settling(self) -> bool:
        """The votes decide it in a moment, unless one is taken back."""
        return self.is_running and self.settles_at is not None


class Vote(models.Model):
    """One approver of a step. Given once; a void one counts for nothing and is kept as history."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPROVED = Decision.APPROVED.value, Decision.APPROVED.label
        REJECTED = Decision.REJECTED.value, Decision.REJECTED.label
        ABSTAINED = Decision.ABSTAINED.value, Decision.ABSTAINED.label
        VOID = "void", _("No longer needed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey(ApprovalStep, models.CASCADE, related_name="votes")
    voter = models.ForeignKey(User, models.PROTECT, related_name="votes")
    is_mandatory = models.BooleanField(default=False)
    is_chair = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    # Who gave it: the voter or a stand-in; empty is the system.
    acted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    # The requester reads the one, approvers and the desk the other as well (`APP-5`).
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    # In whose place this vote is: of one who left, or who did not answer in time.
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    # When the next reminder, or the time-out, comes; empty when nothing more does.
    next_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    # Counts decisions and withdrawals; a link that was mailed for an older one is used (`APP-8`).
    round = models.PositiveSmallIntegerField(default=0)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["step", "pk"]
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            # Each person once, whatever groups they are in (`APP-3`).
            models.UniqueConstraint(
                fields=["step", "voter"],
                condition=~models.Q(state="void"),
                name="vote_once_per_step",
            ),
        ]
        indexes = [
            # What waits for a person, and what a person decided.
            models.Index(fields=["voter", "state", "due_at"], name="vote_of_voter"),
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="vote_next"),
        ]

    def __str__(self):
        return f"{self.voter} · {self.get_state_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_given(self) -> bool:
        return self.state in Decision.values

    @property
    def by_stand_in(self) -> bool:
        """Given as "B for A" (`APP-6`)."""
        return self.acted_by_id is not None and self.acted_by_id != self.voter_id

    @property
    def has_company(self) -> bool:
        """Whether others vote in the step: abstaining alone would decline. One query."""
        return Vote.objects.live().filter(step=self.step_id).exclude(pk=self.pk).exists()

    def ballot(self) -> Ballot:
        decision = self.state if self.is_given else ""
        return Ballot(decision, is_mandatory=self.is_mandatory, is_chair=self.is_chair)


class ApprovalQuestion(models.Model):
    """What an approver asks the requester before deciding (`APP-5`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # When it stopped waiting: answered, or the vote was given without.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("question of an approver")
        verbose_name_plural = _("questions of approvers")

    def __str__(self):
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
