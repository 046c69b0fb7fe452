"""Who stands in for whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.people.querysets import DelegationQuerySet

from .persons import User


class Delegation(models.Model):
    """Somebody stands in for somebody else in `[starts_at, ends_at)`, for what was chosen
    (`APP-6`).

    Personal: a delegate's delegate gets nothing.
    """

    class Kind(models.TextChoices):
        """What a stand-in takes over; each is the name of a column."""

        APPROVALS = "approvals", _("Approvals")
        TASKS = "tasks", _("Tasks")
        MAIL_COPIES = "mail_copies", _("Copies of mails")

    delegator = models.ForeignKey(User, models.CASCADE, related_name="delegations")
    delegate = models.ForeignKey(
        User, models.CASCADE, related_name="stands_in_for", verbose_name=_("stand-in")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    approvals = models.BooleanField(Kind.APPROVALS.label, default=True)
    tasks = models.BooleanField(Kind.TASKS.label, default=False)
    mail_copies = models.BooleanField(Kind.MAIL_COPIES.label, default=False)
    includes_confidential = models.BooleanField(_("confidential matters too"), default=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="delegation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(delegator=models.F("delegate")),
                name="delegation_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(approvals=True)
                | models.Q(tasks=True)
                | models.Q(mail_copies=True),
                name="delegation_of_something",
            ),
        ]
        indexes = [
            # Whom a person stands in for now.
            models.Index(fields=["delegate", "ends_at"], name="delegation_of_delegate"),
        ]

    def __str__(self):
        return f"{self.delegate} for {self.delegator}"

    @property
    def kinds(self) -> list[str]:
        """What is taken over, in words."""
        return [str(kind.label) for kind in self.Kind if getattr(self, kind.value)]
