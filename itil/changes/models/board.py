"""Boards that advise on changes and decide them, their meetings and what was said there."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from itil.approvals.voting import Rejects, Rule, RuleKind
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType
from itil.changes.querysets import AgendaQuerySet, BoardQuerySet
from itil.services.models import Service
from portal.people.models import User


class AdvisoryBoard(ClusterableModel):
    """A group that decides changes together."""

    class Kind(models.TextChoices):
        CAB = "cab", _("Change advisory board")
        ECAB = "ecab", _("Emergency board")

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.CAB)
    rule = models.CharField(
        _("who has to agree"), max_length=8, choices=RuleKind, default=RuleKind.PERCENT
    )
    number = models.PositiveSmallIntegerField(_("how many, or percent"), default=50)
    rejects = models.CharField(
        _("is declined"), max_length=16, choices=Rejects, default=Rejects.UNTIL_IMPOSSIBLE
    )
    active = models.BooleanField(_("active"), default=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("advisory board")
        verbose_name_plural = _("advisory boards")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("changes:board", args=[self.pk])

    @property
    def is_empty(self) -> bool:
        """Nobody who could vote sits on it: the change managers are asked (`APP-3`). One query."""
        return not self.members.filter(user__is_active=True).exists()

    @property
    def voting_rule(self) -> Rule:
        return Rule(self.rule, self.number, self.rejects)


class BoardMember(Orderable):
    """Somebody who sits on a board, of the desk or not."""

    board = ParentalKey(AdvisoryBoard, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        User, models.PROTECT, related_name="board_seats", verbose_name=_("person")
    )
    is_chair = models.BooleanField(
        _("chair"), default=False, help_text=_("Leads the meetings and may veto.")
    )
    is_mandatory = models.BooleanField(_("has to agree in any case"), default=False)

    class Meta(Orderable.Meta):
        verbose_name = _("member of a board")
        verbose_name_plural = _("members of a board")
        constraints = [models.UniqueConstraint(fields=["board", "user"], name="board_member_once")]

    def __str__(self):
        return str(self.user)


class BoardRule(Orderable):
    """Which changes go to a board; what is left empty says nothing. The narrowest rule wins."""

    board = ParentalKey(AdvisoryBoard, on_delete=models.CASCADE, related_name="rules")
    change_type = models.CharField(_("type"), max_length=10, choices=ChangeType, blank=True)
    risk = models.CharField(_("risk"), max_length=6, choices=Risk, blank=True)
    service = models.ForeignKey(
        Service,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("service"),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("rule of a board")
        verbose_name_plural = _("rules of a board")

    def __str__(self):
        said = (self.get_change_type_display(), self.get_risk_display(), self.service)
        return " · ".join(str(one) for one in said if one) or str(_("All changes"))


class BoardMeeting(models.Model):
    """A meeting of a board, with the changes on its agenda and, afterwards, its minutes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    board = models.ForeignKey(AdvisoryBoard, models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField(_("starts"))
    place = models.CharField(_("place or link"), max_length=200, blank=True)
    # Votes of the changes on the agenda count until then.
    votes_until = models.DateTimeField(_("votes count until"))
    present = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("present"))
    remarks = models.TextField(_("remarks"), blank=True)
    # When the minutes were agreed on: then nothing of the meeting changes any more.
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        verbose_name = _("meeting of a board")
        verbose_name_plural = _("meetings of a board")
        indexes = [models.Index(fields=["board", "starts_at"], name="meeting_board_start")]

    def __str__(self):
        return f"{self.board} {self.starts_at:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("changes:meeting", args=[self.board_id, self.pk])


class AgendaItem(models.Model):
    """A change on the agenda of a meeting; the riskiest come first."""

    meeting = models.ForeignKey(BoardMeeting, models.CASCADE, related_name="agenda")
    change = models.ForeignKey("changes.Change", models.CASCADE, related_name="agenda_items")
    # What was said about it, for the minutes.
    minutes = models.TextField(_("what was said"), blank=True)
    # How it stood when the minutes were closed: itil.changes.documents.minutes says in what words.
    facts = models.JSONField(default=dict, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    objects = AgendaQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("change on an agenda")
        verbose_name_plural = _("changes on an agenda")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "change"], name="agenda_item_once")
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.change_id}"


def minutes_path(minutes: "MinutesFile", _name: str) -> str:
    return f"minutes/{minutes.meeting.uuid}/{minutes.uuid}.pdf"


class MinutesFile(models.Model):
    """The minutes as a PDF, for those who may read the same lines of the agenda (`VIS-1`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(BoardMeeting, models.CASCADE, related_name="files")
    # Of the keys of those lines.
    lines_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=minutes_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # Of the page it shows, so that an outdated one is made again.
    page_sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["meeting", "pk"]
        verbose_name = _("file of minutes")
        verbose_name_plural = _("files of minutes")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "lines_sha256"], name="minutes_file_once")
        ]

    def __str__(self):
        return f"{self.meeting_id} {self.uuid}"
