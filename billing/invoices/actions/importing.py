"""Bank statements: a file taken whole or not at all, its lines booked by a person (`BIL-15`)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.invoices.matching import proposals_for
from billing.invoices.models import (
    CollectionRules,
    Payment,
    Seller,
    Statement,
    StatementEntry,
)
from billing.invoices.parse import (
    CsvMapping,
    Statements,
    camt_lines,
    csv_head,
    csv_lines,
    is_camt,
)
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from portal.people.models import Organization, User

from .paying import Share, record_payment


def take_file(
    content: bytes, *, name: str, seller: Seller, by: User, at: datetime | None = None
) -> tuple[Statement, bool]:
    """Keep a bank's file as it came; True when it is new, False when it was taken before.

    CAMT.053 is imported at once; CSV waits for `import_csv`. Raises UnreadableStatement for a file
    that is neither; then nothing is kept.
    """
    at = at or timezone.now()
    _allow(by)
    digest = hashlib.sha256(content).hexdigest()
    known = Statement.objects.filter(seller=seller, sha256=digest).first()
    if known is not None:
        return known, False
    kind = Statement.Kind.CAMT if is_camt(content) else Statement.Kind.CSV
    found = camt_lines(content) if kind == Statement.Kind.CAMT else None
    if found is None:
        csv_head(content)
    with transaction.atomic():
        _lock(seller)
        known = Statement.objects.filter(seller=seller, sha256=digest).first()
        if known is not None:
            return known, False
        statement = Statement(
            seller=seller,
            kind=kind,
            name=name[-200:] or _("statement"),
            sha256=digest,
            uploaded_by=by,
            uploaded_at=at,
        )
        statement.file.save("statement", ContentFile(content), save=False)
        try:
            statement.save()
            if found is not None:
                _import(statement, found, at)
        except BaseException:
            statement.file.storage.delete(str(statement.file.name))
            raise
    return statement, True


@transaction.atomic
def import_csv(
    statement: Statement, mapping: CsvMapping, *, by: User, at: datetime | None = None
) -> Statement:
    """Import a CSV file whose columns a person has named; a second time changes nothing.

    Raises UnreadableStatement with the lines that are wrong; then no line is imported.
    """
    at = at or timezone.now()
    _allow(by)
    _lock(statement.seller)
    statement = Statement.objects.select_related("seller").get(pk=statement.pk)
    if statement.imported_at:
        return statement
    statement.mapping = mapping.as_json()
    _import(statement, csv_lines(content_of(statement), mapping), at)
    return statement


def content_of(statement: Statement) -> bytes:
    """The file as it was uploaded, checked against its hash. Raises Refused when it is not."""
    try:
        with statement.file.open("rb") as file:
            content = bytes(file.read())
    except OSError as problem:
        raise Refused(_("The file of this statement cannot be read.")) from problem
    if hashlib.sha256(content).hexdigest() != statement.sha256:
        raise Refused(_("The file of this statement is not the one that was uploaded."))
    return content


@transaction.atomic
def accept(
    entry: StatementEntry,
    *,
    organization: Organization,
    shares: Sequence[Share],
    by: User | None,
    at: datetime | None = None,
) -> Payment:
    """Book a line of a statement as a payment of `organization` on `shares`.

    Raises Refused when it was booked or ignored already, and what `record_payment` raises.
    """
    at = at or timezone.now()
    _allow(by)
    entry = _open(entry)
    payment = record_payment(
        seller=entry.seller,
        organization=organization,
        amount=entry.amount,
        currency=entry.currency,
        received_on=entry.booked_on,
        reference=entry.reference or entry.text[:140],
        shares=shares,
        entry=entry,
        by=by,
        at=at,
    )
    _decide(entry, StatementEntry.State.BOOKED, by, at)
    return payment


def accept_proposals(
    entries: Iterable[StatementEntry], *, by: User | None, only_exact: bool = False
) -> tuple[int, list[str]]:
    """Book each line as it is proposed, each in its own transaction.

    Returns how many were booked, and for the others why not; a line without a proposal is one.
    """
    rows = list(entries)
    booked, problems = 0, []
    for entry in rows:
        # Anew for each, as the one before may have paid the same invoice.
        proposal = proposals_for([entry])[entry.pk]
        if only_exact and not proposal.is_exact:
            continue
        if proposal.organization is None or not proposal.shares:
            problems.append(_("%(entry)s: nothing fits it") % {"entry": entry})
            continue
        try:
            accept(entry, organization=proposal.organization, shares=proposal.shares, by=by)
            booked += 1
        except Refused as refusal:
            problems.append(f"{entry}: {refusal}")
    return booked, problems


@transaction.atomic
def ignore(
    entry: StatementEntry, *, by: User, reason: str, at: datetime | None = None
) -> StatementEntry:
    """Put a line aside that pays no invoice, such as a refund of taxes."""
    _allow(by)
    if not reason.strip():
        raise MissingValue("reason", _("Say what it is, for those who look at it later."))
    entry = _open(entry)
    entry.ignored_reason = reason.strip()[:300]
    return _decide(entry, StatementEntry.State.IGNORED, by, at or timezone.now())


@transaction.atomic
def restore(entry: StatementEntry, *, by: User) -> StatementEntry:
    """Let a line that was ignored wait to be booked again."""
    _allow(by)
    found: StatementEntry = StatementEntry.objects.select_for_update().get(pk=entry.pk)
    if found.state == StatementEntry.State.IGNORED:
        found.ignored_reason = ""
        _decide(found, StatementEntry.State.OPEN, None, None)
    return found


def _allow(by: User | None) -> None:
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks import and book payments."))


def _lock(seller: Seller) -> None:
    """One import of a seller at a time, so that what is known is known."""
    Seller.objects.select_for_update(no_key=True).get(pk=seller.pk)


def _open(entry: StatementEntry) -> StatementEntry:
    found: StatementEntry = (
        StatementEntry.objects.select_for_update(of=("self",))
        .select_related("seller")
        .get(pk=entry.pk)
    )
    if found.state != StatementEntry.State.OPEN:
        raise Refused(
            _("This line is %(state)s already.") % {"state": found.get_state_display().lower()}
        )
    return found


def _decide(
    entry: StatementEntry, state: str, by: User | None, at: datetime | None
) -> StatementEntry:
    entry.state, entry.decided_by, entry.decided_at = state, by, at
    entry.save(update_fields=["state", "ignored_reason", "decided_by", "decided_at"])
    return entry


def _import(statement: Statement, found: Statements, at: datetime) -> None:
    """Write the lines that no earlier file brought; book exact ones where the rules say so."""
    known = set(
        StatementEntry.objects.filter(
            seller=statement.seller, key__in=[line.key for line in found.lines]
        ).values_list("key", flat=True)
    )
    statement.imported_at = at
    statement.known_count, statement.left_out_count = len(known), found.left_out
    statement.save()
    made = StatementEntry.objects.bulk_create(
        [
            StatementEntry(
                statement=statement,
                seller=statement.seller,
                key=line.key,
                position=line.position,
                booked_on=line.booked_on,
                amount=line.amount,
                currency=line.currency,
                payer=line.payer,
                payer_account=line.payer_account,
                reference=line.reference,
                text=line.text,
            )
            for line in found.lines
            if line.key not in known
        ],
        batch_size=500,
    )
    rules = CollectionRules.objects.filter(seller=statement.seller).first()
    if rules is not None and rules.books_exact_matches:
        accept_proposals(made, by=None, only_exact=True)
