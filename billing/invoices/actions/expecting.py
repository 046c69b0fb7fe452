"""What work that stands on no issued invoice would come to: its frozen price, or that of today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from billing.contracts.matching import (
    ContractTerms,
    Priced,
    Terms,
    fixed_prices,
    ledgers,
    price,
    terms_in_force,
    worked,
)
from billing.contracts.models import PricedSegment, TimePrice
from billing.contracts.models.prices import unit_price
from billing.invoices.amounts import share_of
from billing.invoices.matching import unbilled
from billing.invoices.models import Invoice
from itil.tickets.models import Ticket
from itil.timesheets.models import TimeEntry

from .capping import caps_for
from .collecting import CHARGED, SEGMENT_FACTS, Bundle, Contracts, Hours
from .reckoning import reckon

Parts = dict[tuple[int, str], Bundle]


@dataclass(frozen=True)
class Expected:
    """An entry without an issued invoice: the contract that bears it, and its share of the lines to
    be, exact, in `currency`. None: no rate applies, so nobody can say. Nothing for what is included
    or not billable.
    """

    contract: int | None
    currency: str
    amount: Fraction | None


def expected(entries: QuerySet[TimeEntry], terms: Terms | None = None) -> dict[int, Expected]:
    """Each of `entries` by its key, rounded, capped and drawn from prepaid hours as the invoice of
    all of them would be. `entries` are those of whole contracts: what they share is shared among
    them. A constant number of queries.
    """
    terms = terms or terms_in_force()
    found: dict[int, Expected] = {}
    bundles: Parts = {}
    _add_frozen(found, bundles, terms, entries)
    _add_coming(found, bundles, terms, entries)
    for key, entry, share in _shares(bundles):
        before = found.get(entry)
        had = before.amount if before and before.amount else Fraction(0)
        found[entry] = Expected(key[0], key[1], had + share)
    return found


def expected_on(ticket: Ticket) -> dict[int, Expected]:
    """What the unbilled work on a ticket would come to, by entry, among the others that it shares
    minimums, caps and prepaid hours with: those of every organization that can come under the same
    contracts, or whose work was priced under them.
    """
    terms = terms_in_force()
    family = terms.family_of(ticket.organization_id)
    # Of an organization that has moved since, the contract of its day bears the work.
    bearing = TimePrice.objects.filter(entry__ticket=ticket.pk, contract__isnull=False)
    sharing = (
        Q(ticket__organization__in=family)
        | Q(price__contract__organization__in=family)
        | Q(price__contract__in=bearing.values("contract"))
    )
    return expected(unbilled().filter(sharing), terms)


def _shares(bundles: Parts) -> Iterable[tuple[tuple[int, str], int, Fraction]]:
    prepaid = ledgers({contract for contract, _currency in bundles})
    drafts = Invoice.objects.drafts().only("pk")
    caps = caps_for(bundles.values(), but=drafts) if bundles else {}
    for key, bundle in sorted(bundles.items()):
        for line in reckon(bundle, key[1], prepaid, caps).lines:
            for part in line.parts:
                yield key, part.hours.entry, share_of(line.net, part.billed, line.minutes)


def _add_frozen(
    found: dict[int, Expected], bundles: Parts, terms: Terms, entries: QuerySet[TimeEntry]
) -> None:
    """Entries that were approved, by the prices of that day. Two queries."""
    contracts = Contracts(terms)
    prices = TimePrice.objects.filter(entry__in=entries.order_by().values("pk"))
    for entry, contract, coverage, currency in prices.values_list(
        "entry", "contract", "coverage", "currency"
    ):
        if coverage not in CHARGED:
            found[entry] = Expected(contract, currency, Fraction(0))
    segments = PricedSegment.objects.filter(price__in=prices, price__coverage__in=CHARGED)
    for key, currency, *facts in segments.order_by("price__entry", "position").values_list(
        "price__contract_id",
        "price__currency",
        "price__entry_id",
        "position",
        "price__entry__ticket_id",
        "price__entry__ticket__number",
        "price__entry__activity_id",
        "price__entry__activity__name",
        "price__entry__work_date",
        Coalesce("price__entry__approved_at", "price__priced_at"),
        "minutes",
        "base_rate",
        "multiplier",
        "reason",
    ):
        values: dict[str, Any] = dict(zip(SEGMENT_FACTS, facts, strict=True))
        if key is None:
            _add_plain(found, currency, **values)
        else:
            hours = Hours(terms=contracts[key], **values)
            bundles.setdefault((key, currency), Bundle()).hours.append(hours)


def _add_plain(found: dict[int, Expected], currency: str, **values: Any) -> None:
    """Work that no contract bears: what its rate says, without any rounding of minutes."""
    rate = unit_price(values["base_rate"], values["multiplier"])
    before = found.get(values["entry"])
    had = before.amount if before and before.amount else Fraction(0)
    amount = had + Fraction(values["minutes"]) * Fraction(rate) / 60
    found[values["entry"]] = Expected(None, currency, amount)


def _add_coming(
    found: dict[int, Expected], bundles: Parts, terms: Terms, entries: QuerySet[TimeEntry]
) -> None:
    """Entries without a price, by the terms of today. Two queries."""
    rows = list(entries.filter(price=None).order_by("pk").select_related("ticket", "activity"))
    fixed: Mapping[int, str] = fixed_prices({row.ticket_id for row in rows}) if rows else {}
    for entry, work in zip(rows, worked(rows), strict=True):
        answer = price(work, terms, fixed)
        contract: ContractTerms | None = answer.contract
        key = contract.pk if contract else None
        if not isinstance(answer, Priced):
            found[entry.pk] = Expected(key, contract.currency if contract else "", None)
            continue
        if answer.rate is None:
            found[entry.pk] = Expected(key, answer.currency, Fraction(0))
            continue
        for position, part in enumerate(answer.segments, start=1):
            values: dict[str, Any] = {
                "entry": entry.pk,
                "segment": position,
                "ticket": work.ticket,
                "ticket_number": entry.ticket.number,
                "activity": work.activity,
                "activity_name": work.activity_name,
                "work_date": work.work_date,
                "approved_at": entry.approved_at or entry.created_at,
                "minutes": part.minutes,
                "base_rate": answer.rate.hourly_rate,
                "multiplier": part.multiplier,
                "reason": part.reason,
            }
            if contract is None:
                _add_plain(found, answer.currency, **values)
            else:
                hours = Hours(terms=contract, **values)
                bundles.setdefault((contract.pk, answer.currency), Bundle()).hours.append(hours)
