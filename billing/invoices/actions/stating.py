"""The statement of account as a PDF: made by the worker, kept until the account changes."""

import hashlib
from datetime import date, datetime

from django.core.files.base import ContentFile

from billing.invoices import documents
from billing.invoices.models import AccountPaper
from billing.invoices.models.accounts import account_path
from itil.timesheets.hours import business_date
from portal.people.models import Organization

from .collecting import current_seller
from .wanting import want


def account_paper(
    organization: Organization, currency: str, *, since: date, at: datetime
) -> tuple[AccountPaper, bytes | None]:
    """The statement, and its file as the account is now; None when it has yet to be made. Raises
    Refused while no seller is set up.
    """
    paper, _made = AccountPaper.objects.get_or_create(
        organization=organization, currency=currency, since=since
    )
    if not paper.pdf or paper.pdf_of != _key(_html(paper, at)):
        return paper, None
    try:
        with paper.pdf.open("rb") as file:
            return paper, bytes(file.read())
    except OSError:
        return paper, None


def request_account_paper(paper: AccountPaper, *, at: datetime) -> bool:
    """Note that the file is wanted; False when that was done a moment ago."""
    return want(AccountPaper.objects.filter(pk=paper.pk), "requested_at", at=at)


def make_account_paper(paper: AccountPaper, *, at: datetime) -> None:
    """Print the account as it is now and store the file in place of the one before."""
    html = _html(paper, at)
    content = documents.pdf_of(html)
    storage, outdated = paper.pdf.storage, paper.pdf.name
    name = storage.save(account_path(paper, ""), ContentFile(content))
    AccountPaper.objects.filter(pk=paper.pk).update(pdf=name, pdf_of=_key(html), requested_at=None)
    if outdated and outdated != name:
        storage.delete(outdated)


def _html(paper: AccountPaper, at: datetime) -> str:
    letter = documents.account_letter(
        current_seller(),
        paper.organization,
        paper.currency,
        since=paper.since,
        today=business_date(at),
    )
    return documents.account_html(letter)


def _key(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()
