"""Mail that leaves the house: a mail is a row before it is a mail (`MAI-14`)."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .querysets import OutgoingMailQuerySet


class OutgoingMail(models.Model):
    """One mail to one person. Written in the transaction of its cause, sent by the worker."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    # (event, recipient) in words, such as "event:123:reply:45": never sent twice for one key.
    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(max_length=254)
    sender = models.CharField(max_length=300)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    # Message-ID without angle brackets, fixed when the row is written, so that a mail sent twice
    # by a crash is one mail to every reader. Copies of one message for several readers share it.
    mail_id = models.CharField(max_length=255)
    in_reply_to = models.CharField(max_length=255, blank=True)
    # Message-IDs without angle brackets, separated by blanks, oldest first.
    references = models.TextField(blank=True)
    # More header fields, such as Reply-To. Auto-Submitted is the mark of automatic mail (`MAI-7`).
    headers = models.JSONField(default=dict, blank=True)
    # [{"name": ..., "path": path in the default storage, "content_type": ...}, ...]
    attachments = models.JSONField(default=list, blank=True)

    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [
            # The limiter: what one address was sent of late (`MAI-7`).
            models.Index(fields=["created_at"], name="outgoing_created"),
            # Answers and bounces name the mail they belong to.
            models.Index(fields=["mail_id"], name="outgoing_mail_id"),
            # What is due to be sent.
            models.Index(fields=["state", "next_at"], name="outgoing_due"),
        ]

    def __str__(self):
        return f"{self.subject} -> {self.to}"
