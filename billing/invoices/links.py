"""The keys in the links that customers open an invoice with (`BIL-16`).

A token is random and says nothing; the database knows its digest only. Whatever does not open
looks the same from outside: never made, changed, expired or revoked.
"""

import hashlib
import secrets
from datetime import date

from django.conf import settings
from django.urls import reverse

from billing.invoices.models import InvoiceLink

# 256 bits.
TOKEN_BYTES = 32


def new_token() -> str:
    """43 letters, digits, bars and underscores that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str, today: date) -> InvoiceLink | None:
    """The link that `token` opens on `today`, a date of the business zone. One query, always."""
    found: InvoiceLink | None = (
        InvoiceLink.objects.in_force(today)
        .select_related("invoice__seller", "invoice__organization", "invoice__corrects")
        .filter(digest=digest_of(token))
        .first()
    )
    return found


def address_of(token: str) -> str:
    """The whole address, as it stands in mails."""
    return f"{settings.SITE_URL}{reverse('invoices:link', args=[token])}"
