"""What people thought of the help they got (`KPI-11`, `KPI-12`): who was asked, what they said."""

import uuid

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Ticket

from .querysets import LINK_SALT, RatingQuerySet, SurveyQuerySet

COMMENT_LENGTH = 2000


class Score(models.IntegerChoices):
    """The five faces."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    OKAY = 3, _("Okay")
    GOOD = 4, _("Good")
    GREAT = 5, _("Great")


# From here on a rating counts as satisfied; up to here the person is asked to open it again.
SATISFIED_FROM = Score.GOOD
LOW_UP_TO = Score.BAD
# How likely somebody is to recommend the desk to a colleague: not at all to very likely.
RECOMMENDATIONS = range(11)


class Praise(models.TextChoices):
    """What went well, to be picked with one tap each."""

    FAST = "fast", _("Fast")
    FRIENDLY = "friendly", _("Friendly")
    CLEAR = "clear", _("Clear explanation")
    LASTING = "lasting", _("Solved for good")


class Survey(models.Model):
    """One person was asked by mail about one solution of one ticket.

    A row is made with the mail that carries the question, so nobody who was spared is counted.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="surveys")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # When the ticket was solved, which is what the person is asked about.
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # The key of the mail in the outbox: a mail that was given up asked nobody.
    mail_key = models.CharField(max_length=200)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        constraints = [
            # A reaction that runs twice asks once.
            models.UniqueConstraint(
                fields=["ticket", "person", "asked_at"], name="survey_once_per_solution"
            ),
        ]
        indexes = [
            # At most one survey per person in a week.
            models.Index(fields=["person", "asked_at"], name="survey_person_asked"),
            # The reports' period.
            models.Index(fields=["asked_at"], name="survey_asked"),
        ]

    def __str__(self):
        return f"{self.ticket_id} {self.asked_at:%Y-%m-%d}"

    @property
    def token(self) -> str:
        """What stands in the link of the mail: good for this question only, not to be made up."""
        return signing.Signer(salt=LINK_SALT, sep=".").sign(self.uuid.hex)


class Rating(models.Model):
    """What was said about one ticket; said again within the days for it, the last word counts."""

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="rating")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("rating"), choices=Score)
    # Values of `Praise`, in their order.
    praised = models.JSONField(default=list, blank=True)
    comment = models.TextField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
    # Whether the page also asked that, and the answer, which nobody owes.
    recommendation_asked = models.BooleanField(default=False)
    recommendation = models.PositiveSmallIntegerField(
        _("recommends the desk, 0 to 10"), null=True, blank=True
    )
    rated_at = models.DateTimeField(_("rated"))

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__range=(1, 5)), name="rating_score_in_range"
            ),
            models.CheckConstraint(
                condition=models.Q(recommendation__isnull=True)
                | models.Q(recommendation__range=(0, 10)),
                name="rating_recommendation_in_range",
            ),
        ]
        # The reports' period.
        indexes = [models.Index(fields=["rated_at"], name="rating_rated")]

    def __str__(self):
        return f"{self.ticket_id} {self.score}"

    @property
    def is_low(self) -> bool:
        return self.score <= LOW_UP_TO

    @property
    def praise_labels(self) -> list[str]:
        return [str(Praise(one).label) for one in self.praised if one in Praise.values]
