"""The address under which a person's calendar reads the change calendar."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.people.models import User


class CalendarFeed(models.Model):
    """A secret address of one person; only its digest is kept, so it can be shown only once.

    It shows what the person may see at the moment of reading, and nothing once the person may no
    longer sign in.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="change_feed")
    # SHA-256 of the token, in hexadecimal digits.
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("address of a change calendar")
        verbose_name_plural = _("addresses of change calendars")

    def __str__(self):
        return f"{self.user_id} {self.created_at:%Y-%m-%d}"
