"""What people said about a ticket: public messages, internal notes and their files."""

import hashlib
import uuid

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.tickets.models import Channel, Ticket
from portal.people.models import User

from .files import NewFile
from .querysets import AttachmentQuerySet, MessageQuerySet


class Visibility(models.TextChoices):
    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal note")


class Message(models.Model):
    """One text in the conversation of a ticket; never edited.

    `author` empty means the system. `is_staff_side` tells on which side of the counter the author
    stood when writing, so that later changes of role do not rewrite history.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="messages")
    visibility = models.CharField(max_length=8, choices=Visibility)
    is_staff_side = models.BooleanField(default=False)
    # Written by a machine (receipt, out-of-office): never a human answer (`GEN-9`, `MAI-6`).
    is_automatic = models.BooleanField(default=False)
    channel = models.CharField(max_length=8, choices=Channel)
    # What is shown: quotation and signature stripped. Plain text.
    text = models.TextField()
    # Sanitised HTML of the same, when the channel carried HTML.
    html = models.TextField(blank=True)
    # The whole text as received, when something was stripped from `text`.
    full_text = models.TextField(blank=True)
    # The Message-ID of the mail it came in or went out with, without angle brackets (`MAI-3`).
    mail_id = models.CharField(max_length=255, blank=True)
    # When it was said (`MAI-13`: the mail server's time), and when the row was written.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="message_ticket_at"),
            # Threading of incoming mail.
            models.Index(fields=["mail_id"], name="message_mail_id"),
        ]

    def __str__(self):
        return f"{self.get_visibility_display()} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC


def attachment_path(stored: "StoredFile", _filename: str) -> str:
    """A path that tells nothing and cannot be guessed; the real name is a column."""
    return f"attachments/{stored.uuid.hex[:2]}/{stored.uuid.hex}"


class StoredFile(models.Model):
    """A file that somebody sent. Its type is found from the content, never from the name
    (`MAI-11`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # Executables and macro files: kept for inspection, handed out to nobody.
    is_quarantined = models.BooleanField(default=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def keep(self, file: NewFile) -> None:
        """Store the content of `file` and what it is, and save the row."""
        self.name = file.clean_name
        self.content_type = file.content_type[:100]
        self.size = len(file.content)
        self.sha256 = hashlib.sha256(file.content).hexdigest()
        self.is_quarantined = file.is_dangerous
        self.file.save(self.name, ContentFile(file.content), save=False)
        self.save()


class Attachment(StoredFile):
    """A file of a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
