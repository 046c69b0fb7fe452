"""Named reads of mailboxes and incoming mail."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q


class MailboxQuerySet(models.QuerySet):
    def active(self):
        return self.filter(active=True)

    def with_address(self, address: str):
        """The mailbox with this address, whatever its case."""
        return self.filter(address__iexact=address)


class InboundMailQuerySet(models.QuerySet):
    def waiting(self):
        """Stored but not processed, in server-time order (`MAI-13`)."""
        return self.filter(state="stored").order_by("server_date", "pk")

    def quarantined(self):
        return self.filter(state="quarantined")

    def with_effect(self):
        """Mail that was read and acted upon, not left aside."""
        return self.filter(state__in=["created", "appended", "ignored"])

    def related_to(self, mail_ids: Collection[str], *, senders: Collection[str], since: datetime):
        """Mail with one of `mail_ids`, and tickets `senders` opened after `since`: one read for
        duplicates (`MAI-2`), references (`MAI-3`) and floods (`MAI-7`)."""
        flood = Q(state="created", sender__in=senders, server_date__gte=since)
        return self.filter(Q(mail_id__in=mail_ids) | flood)

    def bounces_of(self, address: str, *, now: datetime, days: int):
        """Delivery reports about `address` in the `days` before `now`."""
        return self.filter(
            bounced_address=address.lower(), server_date__gt=now - timedelta(days=days)
        )
