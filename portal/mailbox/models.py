"""The mailboxes we read, and every message that ever came in, kept as it came (`MAI-1`)."""

import os

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from itil.conversation.models import Message
from itil.tickets.models import Ticket
from portal.people.models import Organization, Team

from .querysets import InboundMailQuerySet, MailboxQuerySet


class Mailbox(models.Model):
    """An IMAP mailbox whose messages become tickets. Edited in the admin."""

    class Security(models.TextChoices):
        NONE = "none", _("None")
        STARTTLS = "starttls", _("STARTTLS")
        TLS = "ssl", _("TLS")

    name = models.CharField(_("name"), max_length=120)
    address = models.EmailField(_("address"), max_length=254)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("security"), max_length=8, choices=Security, default=Security.TLS)
    user_name = models.CharField(_("user name"), max_length=254)
    # The password itself, or "env:NAME" for the environment variable that holds it.
    password = models.CharField(_("password"), max_length=254, blank=True)
    folder = models.CharField(_("folder"), max_length=200, default="INBOX")
    team = models.ForeignKey(
        Team,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("team"),
        help_text=_("New tickets go to the queue of this team."),
    )
    organization = models.ForeignKey(
        Organization,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("organization"),
        help_text=_("Holds the tickets of senders who belong to no organization."),
    )
    # A message sent to several of our mailboxes belongs to the first of them (`MAI-2`).
    order = models.PositiveIntegerField(_("order"), default=0)
    active = models.BooleanField(_("active"), default=True)
    accepts_automatic = models.BooleanField(
        _("automatic mail may open tickets"),
        default=False,
        help_text=_("For the messages of monitoring systems; automatic answers never do."),
    )
    uses_reply_to = models.BooleanField(
        _("believe Reply-To"),
        default=False,
        help_text=_("For web forms that write on behalf of the person in Reply-To (MAI-4)."),
    )

    last_polled_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    # Where reading goes on: UIDs count within one value of UIDVALIDITY.
    uid_validity = models.PositiveBigIntegerField(default=0, editable=False)
    last_uid = models.PositiveBigIntegerField(default=0, editable=False)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.UniqueConstraint(Lower("address"), name="mailbox_address_once")]

    def __str__(self):
        return f"{self.name} <{self.address}>"

    @property
    def secret(self) -> str:
        """The password in clear; KeyError when it names a variable that is not set."""
        if self.password.startswith("env:"):
            return os.environ[self.password.removeprefix("env:")]
        return self.password


class InboundMail(models.Model):
    """One message that reached us and what became of it. The bytes are in `RawMail`."""

    class State(models.TextChoices):
        STORED = "stored", _("Waiting")
        CREATED = "created", _("New ticket")
        APPENDED = "appended", _("Added to a ticket")
        IGNORED = "ignored", _("Without effect")
        QUARANTINED = "quarantined", _("Quarantine")
        DUPLICATE = "duplicate", _("Duplicate")

    # Empty for a message that was piped in.
    mailbox = models.ForeignKey(
        Mailbox, models.SET_NULL, null=True, blank=True, verbose_name=_("mailbox")
    )
    uid_validity = models.PositiveBigIntegerField(null=True, blank=True)
    uid = models.PositiveBigIntegerField(null=True, blank=True)
    # When the mail server took it: the moment the desk could first know (`MAI-13`, `SLA-9`).
    server_date = models.DateTimeField(_("received"))
    stored_at = models.DateTimeField(_("stored"), default=timezone.now)
    sha256 = models.CharField(max_length=64)

    # Filled by reading it. Without angle brackets; made from the content when the mail has none.
    mail_id = models.CharField(max_length=255, blank=True)
    # Of From, Subject, Date and body: equal for copies that came along different ways (`MAI-2`).
    content_sha256 = models.CharField(max_length=64, blank=True)
    sender = models.CharField(_("sender"), max_length=254, blank=True)
    # Lower-cased To and Cc addresses between blanks; who was on the thread before (`MAI-4`).
    recipients = models.TextField(blank=True)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    excerpt = models.CharField(_("text"), max_length=250, blank=True)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    # The address a delivery report complains about, in lower case (`MAI-8`).
    bounced_address = models.CharField(max_length=254, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.STORED)
    reason = models.TextField(_("reason"), blank=True)
    # A digest of mail_id and content of a mail that had an effect: two processes that read two
    # copies at the same time cannot both commit (`MAI-2`).
    effect_key = models.CharField(max_length=64, null=True, blank=True, unique=True)
    ticket = models.ForeignKey(
        Ticket, models.SET_NULL, null=True, blank=True, related_name="inbound_mails"
    )
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("incoming mail")
        verbose_name_plural = _("incoming mail")
        constraints = [
            # A mailbox read twice finds its own rows. Piped mail has no UID and is not compared.
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], name="inbound_uid_once"
            )
        ]
        indexes = [
            # Duplicates and the references of answers.
            models.Index(
                fields=["mail_id"],
                condition=~models.Q(mail_id=""),
                name="inbound_mail_id",
            ),
            # Floods from one sender (`MAI-7`).
            models.Index(
                fields=["sender", "server_date"],
                condition=models.Q(state="created"),
                name="inbound_sender_created",
            ),
            models.Index(
                fields=["bounced_address"],
                condition=~models.Q(bounced_address=""),
                name="inbound_bounced",
            ),
            # What a crash left between storing and processing, and the staff's list.
            models.Index(
                fields=["state", "server_date"],
                condition=models.Q(state__in=["stored", "quarantined"]),
                name="inbound_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.sender} · {self.subject}"


class RawMail(models.Model):
    """The bytes of one message, apart so that no list loads them."""

    inbound = models.OneToOneField(
        InboundMail, models.CASCADE, primary_key=True, related_name="raw"
    )
    content = models.BinaryField()

    class Meta:
        verbose_name = _("raw mail")

    def __str__(self):
        return f"{self.inbound_id}"
