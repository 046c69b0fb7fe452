"""The review after a major incident."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.conversation.models import Message
from itil.tickets.models import TicketEvent
from portal.people.models import User

from .major import MajorIncident


class MajorReview(models.Model):
    """What was learned: written by people, as long as they like, finished once."""

    major = models.OneToOneField(
        MajorIncident, models.CASCADE, primary_key=True, related_name="review"
    )
    what_happened = models.TextField(_("what happened"), blank=True)
    causes = models.TextField(_("causes"), blank=True)
    actions = models.TextField(_("what we do about it"), blank=True)
    no_problem_reason = models.TextField(_("why no problem is linked"), blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Counts every change; a form that was shown an older value is refused.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("review of a major incident")

    def __str__(self):
        return str(self.major)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What was written, each with its heading; empty ones are left out."""
        names = ("what_happened", "causes", "actions", "no_problem_reason")
        fields = [self._meta.get_field(name) for name in names]
        found = [(str(field.verbose_name), getattr(self, field.attname)) for field in fields]
        return [(label[:1].upper() + label[1:], text) for label, text in found if text.strip()]

    @property
    def is_complete(self) -> bool:
        texts = (self.what_happened, self.causes, self.actions)
        return all(text.strip() for text in texts)


class ReviewMoment(models.Model):
    """A line of the review's timeline, picked from the history or from what was said.

    `text` is what the line said when it was picked.
    """

    review = models.ForeignKey(MajorReview, models.CASCADE, related_name="moments")
    event = models.ForeignKey(TicketEvent, models.CASCADE, null=True, blank=True, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("moment of a review")
        constraints = [
            models.UniqueConstraint(fields=["review", "event"], name="review_event_once"),
            models.UniqueConstraint(fields=["review", "message"], name="review_message_once"),
            # Each line stands for one thing that happened.
            models.CheckConstraint(
                condition=models.Q(event__isnull=True) ^ models.Q(message__isnull=True),
                name="review_moment_of_one_thing",
            ),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.text[:40]}"
