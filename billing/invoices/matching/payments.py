"""Which invoices money that came in may pay, and what speaks for it.

A proposal is what a person would find: the reference of the invoice, its number in the text, or
the amount and the name together. Nothing is booked here.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.invoices.models import Invoice, Payment, StatementEntry
from portal.people.models import Organization

# Forms of companies, which payers write or leave out.
FORMS = frozenset(
    [
        "ag",
        "bv",
        "bvba",
        "co",
        "corp",
        "gbr",
        "gmbh",
        "inc",
        "kg",
        "llc",
        "llp",
        "ltd",
        "nv",
        "oy",
        "plc",
        "sa",
        "sarl",
        "sas",
        "se",
        "spa",
        "srl",
        "vof",
    ]
)


@dataclass
class Proposal:
    """What to book a line of a statement as. Without shares it says at most whose money it is."""

    organization: Organization | None = None
    shares: list[tuple[Invoice, Decimal]] = field(default_factory=list)
    reason: str = ""
    # The reference and the amount are those of one invoice.
    is_exact: bool = False

    @property
    def rest(self) -> Decimal:
        """How much the shares add up to."""
        return sum((amount for _invoice, amount in self.shares), Decimal(0))


def proposals_for(entries: Sequence[StatementEntry]) -> dict[int, Proposal]:
    """The proposal for each line, by its key; every line has one. Two queries however many."""
    if not entries:
        return {}
    owed = list(
        Invoice.objects.owed()
        .filter(
            seller__in={entry.seller_id for entry in entries},
            currency__in={entry.currency for entry in entries},
        )
        .select_related("organization")
        .order_by("due_on", "pk")
    )
    accounts = _known_accounts(entries)
    return {entry.pk: _proposal(entry, owed, accounts) for entry in entries}


def _known_accounts(entries: Iterable[StatementEntry]) -> dict[str, Organization]:
    """Whose accounts have paid before."""
    asked = {entry.payer_account for entry in entries if entry.payer_account}
    rows = Payment.objects.standing().filter(entry__payer_account__in=asked)
    return {
        payment.entry.payer_account: payment.organization
        for payment in rows.select_related("organization", "entry").order_by("pk")
        if payment.entry
    }


def _proposal(
    entry: StatementEntry, owed: Iterable[Invoice], accounts: dict[str, Organization]
) -> Proposal:
    candidates = [
        invoice
        for invoice in owed
        if (invoice.seller_id, invoice.currency) == (entry.seller_id, entry.currency)
    ]
    written = _compact(f"{entry.reference} {entry.text}")
    named = [
        invoice
        for invoice in candidates
        if invoice.payment_reference and invoice.payment_reference in written
    ]
    if named:
        shares = _shared(entry.amount, named)
        exact = len(named) == 1 and named[0].balance == entry.amount
        reason = _("The payment reference is %(reference)s") % {
            "reference": ", ".join(invoice.payment_reference for invoice in named)
        }
        return Proposal(named[0].organization, shares, _with_amount(reason, entry, shares), exact)
    numbered = [invoice for invoice in candidates if _compact(invoice.number or "") in written]
    if numbered:
        shares = _shared(entry.amount, numbered)
        reason = ngettext(
            "The text names invoice %(numbers)s",
            "The text names invoices %(numbers)s",
            len(numbered),
        ) % {"numbers": ", ".join(str(invoice.number) for invoice in numbered)}
        return Proposal(numbered[0].organization, shares, _with_amount(reason, entry, shares))
    return _by_payer(entry, candidates, accounts)


def _by_payer(
    entry: StatementEntry, candidates: list[Invoice], accounts: dict[str, Organization]
) -> Proposal:
    """By the account that has paid before, or the name; with the amount of one open invoice."""
    known = accounts.get(entry.payer_account)
    why = _("The account of %(name)s")
    if known is None:
        why = _("The name of %(name)s")
        alike = {
            invoice.organization.pk: invoice.organization
            for invoice in candidates
            if _same_name(entry.payer, invoice.organization.name)
        }
        known = next(iter(alike.values())) if len(alike) == 1 else None
    if known is None:
        return Proposal()
    reason = why % {"name": known.name}
    fitting = [
        invoice
        for invoice in candidates
        if invoice.organization_id == known.pk and invoice.balance == entry.amount
    ]
    if not fitting:
        return Proposal(known, [], reason)
    reason = (
        _("%(reason)s and the amount of one open invoice")
        if len(fitting) == 1
        else _("%(reason)s and the amount of several open invoices; this is the oldest")
    ) % {"reason": reason}
    return Proposal(known, [(fitting[0], entry.amount)], reason)


def _shared(amount: Decimal, invoices: list[Invoice]) -> list[tuple[Invoice, Decimal]]:
    """The amount over the invoices of the first one's customer, the oldest first."""
    shares, left = [], amount
    for invoice in invoices:
        share = min(left, invoice.balance)
        if invoice.organization_id == invoices[0].organization_id and share > 0:
            shares.append((invoice, share))
            left -= share
    return shares


def _with_amount(reason: str, entry: StatementEntry, shares: list[tuple[Invoice, Decimal]]) -> str:
    """The reason, and how the amount fits."""
    open_sum = sum((invoice.balance for invoice, _amount in shares), Decimal(0))
    if entry.amount == open_sum:
        return _("%(reason)s and the amount is the same") % {"reason": reason}
    if entry.amount < open_sum:
        return _("%(reason)s; it pays a part") % {"reason": reason}
    return _("%(reason)s; %(rest)s more than is open stays as credit") % {
        "reason": reason,
        "rest": entry.amount - open_sum,
    }


def _compact(text: str) -> str:
    """Without blanks and marks, in capitals, as references are typed in every way."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _same_name(payer: str, name: str) -> bool:
    """Whether the words of one name are all in the other, forms of companies left out."""
    ours, theirs = _words(name), _words(payer)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _words(name: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(re.findall(r"\w+", bare.replace(".", ""))) - FORMS
