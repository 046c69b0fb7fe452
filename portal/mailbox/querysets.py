"""Named reads of mailboxes and incoming mail."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class MailboxQuerySet(models.QuerySet):
    def active(self) -> "MailboxQuerySet":
        return self.filter(active=True)

    def with_address(self, address: str) -> "MailboxQuerySet":
        """The mailbox with this address, whatever its case."""
        return self.filter(address__iexact=address)


class InboundMailQuerySet(models.QuerySet):
    def waiting(self) -> "InboundMailQuerySet":
        """Stored but not processed, in server-time order (`MAI-13`)."""
        return self.filter(state="stored").order_by("server_date", "pk")

    def quarantined(self) -> "InboundMailQuerySet":
        return self.filter(state="quarantined")

    def related_to(
        self, mail_ids: Collection[str], *, senders: Collection[str], since: datetime
    ) -> "InboundMailQuerySet":
        """Mail with one of `mail_ids`, and tickets `senders` opened after `since`: one read for
        duplicates (`MAI-2`), references (`MAI-3`) and floods (`MAI-7`)."""
        flood = Q(state="created", sender__in=senders, server_date__gte=since)
        return self.filter(Q(mail_id__in=mail_ids) | flood)

    def bounces_of(self, address: str, *, now: datetime, days: int) -> "InboundMailQuerySet":
        """Delivery reports about `address` in the `days` before `now`."""
        return self.filter(
            bounced_address=address.lower(), server_date__gt=now - timedelta(days=days)
        )
