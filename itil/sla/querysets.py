"""Named reads of agreements and clocks."""

from django.db import models
from django.db.models import Q


class AgreementQuerySet(models.QuerySet):
    def in_force(self, at):
        """Active agreements valid at the instant `at`, start included, end excluded."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=at),
            Q(valid_to__isnull=True) | Q(valid_to__gt=at),
            active=True,
        )


class SlaClockQuerySet(models.QuerySet):
    def live(self):
        """Not cancelled."""
        return self.exclude(state="cancelled")

    def falling_due(self, now):
        """Running clocks past their due instant that nobody noticed yet. Indexed."""
        return self.filter(state="running", breach_noticed_at__isnull=True, due_at__lt=now)

    def becoming_at_risk(self, now):
        """Running clocks past their warning instant that nobody noticed yet. Indexed."""
        return self.filter(state="running", at_risk_noticed_at__isnull=True, at_risk_at__lte=now)
