"""A run that writes nothing: what it would draft, and what needs somebody first (`BIL-9`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from billing.contracts.matching import Terms, terms_in_force
from billing.contracts.models import Coverage, RateSource
from billing.contracts.querysets import without_kilometre_charge
from billing.invoices import documents
from billing.invoices.models import BilledTime, Invoice, Seller
from billing.invoices.parse import Month
from itil.timesheets.hours import business_date
from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import Organization

from .capping import caps_for
from .collecting import BILLING_KINDS, Bundle, GroupKey, collect, current_seller
from .compensating import Credit, foresee_credits
from .reckoning import Reckoned, ledgers_for, reckon
from .skipping import Reason, Skip

NOT_APPROVED = (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED)


@dataclass(frozen=True)
class CustomerPreview:
    """What a run would draft for one customer; `net` in `currency`."""

    payer: int
    organization: str
    currency: str
    group: str
    entries: int
    charges: int
    minutes: int
    net: Decimal


@dataclass(frozen=True)
class Preview:
    """A run that writes nothing. Hours on drafts of the month are counted as if drafted anew."""

    month: Month
    customers: Sequence[CustomerPreview] = ()
    skipped: Sequence[Skip] = ()
    # What missed targets give back; some are not proposed yet.
    credits: Sequence[Credit] = ()

    @property
    def warnings(self) -> list[Skip]:
        return [skip for skip in self.skipped if skip.needs_action]


def preview(month: Month) -> Preview:
    """What a run of `month` would draft now. A constant number of queries."""
    seller = current_seller()
    terms = terms_in_force()
    collected = collect(seller, month, terms)
    names = terms.names
    issued = {
        GroupKey(*row)
        for row in Invoice.objects.of_the_run(seller, month)
        .issued()
        .values_list("organization_id", "currency", "group")
    }
    customers, noted = [], []
    payers = Organization.objects.in_bulk({key.payer for key in collected.groups})
    drafts = Invoice.objects.of_the_run(seller, month).drafts()
    ledgers = ledgers_for(collected.groups.values(), but=drafts)
    caps = caps_for(collected.groups.values(), but=drafts)
    for key, bundle in sorted(
        collected.groups.items(), key=lambda item: (names[item[0].payer], item[0])
    ):
        if key in issued:
            noted.append(left_for_next_run(names[key.payer], bundle))
            continue
        reckoned = reckon(bundle, key.currency, ledgers, caps)
        customers.append(
            CustomerPreview(
                payer=key.payer,
                organization=names[key.payer],
                currency=key.currency,
                group=key.group,
                entries=bundle.entries,
                charges=len(bundle.items),
                minutes=reckoned.minutes,
                net=reckoned.net,
            )
        )
        noted += _warnings(seller, payers[key.payer], key.currency, reckoned)
    skipped = [*collected.skipped, *noted, *left_out(month, terms)]
    return Preview(month, customers, skipped, foresee_credits(seller, month, terms, collected))


def _warnings(
    seller: Seller, customer: Organization, currency: str, reckoned: Reckoned
) -> list[Skip]:
    """What would keep the invoice from being issued, and prepaid hours that ran out."""
    invoice = Invoice(
        seller=seller,
        organization=customer,
        currency=currency,
        vat_breakdown=[{"category": category} for category in sorted(reckoned.categories)],
    )
    today = business_date(timezone.now())
    missing = documents.missing_content(invoice, today)
    found = [Skip(Reason.BLOCK_USED_UP, customer.name, about=one) for one in reckoned.used_up]
    if missing:
        found.append(Skip(Reason.INCOMPLETE, customer.name, about="; ".join(missing)))
    return found


def left_for_next_run(organization: str, bundle: Bundle) -> Skip:
    return Skip(Reason.NEXT_RUN, organization, bundle.entries, bundle.minutes)


def left_out(month: Month, terms: Terms) -> list[Skip]:
    """Hours that no contract bears, that are included in one, unapproved ones, and later ones.

    One query.
    """
    covered = set(terms.covered())
    in_time, later = Q(work_date__lte=month.last), Q(work_date__gt=month.last)
    approved, waiting = Q(state=EntryState.APPROVED), Q(state__in=NOT_APPROVED)
    conditions = {
        # Without a price they are listed by `collect`, with the reason.
        Reason.NO_CONTRACT: approved
        & in_time
        & Q(price__contract=None, price__coverage=Coverage.BILLABLE),
        Reason.INCLUDED: approved
        & Q(work_date__range=(month.first, month.last), price__coverage=Coverage.INCLUDED),
        Reason.UNAPPROVED: waiting & in_time,
        Reason.LATER: approved & later,
        Reason.NO_KILOMETRE_RATE: approved
        & in_time
        & Q(kilometres__isnull=False, price__contract__isnull=False)
        & without_kilometre_charge()
        & Q(billing_kind__in=BILLING_KINDS)
        & ~Q(price__source=RateSource.FIXED),
    }
    figures = {
        name: figure
        for reason, condition in conditions.items()
        for name, figure in (
            (reason.value, Count("pk", filter=condition)),
            (f"{reason}_minutes", Sum("minutes", filter=condition)),
        )
    }
    anything = Q()
    for condition in conditions.values():
        anything |= condition
    customers = (
        TimeEntry.objects.filter(billing_kind__in=(*BILLING_KINDS, "included"))
        .filter(
            Q(ticket__organization__in=covered)
            | Q(ticket__organization__kind=Organization.Kind.CUSTOMER),
            anything,
        )
        .exclude(Exists(BilledTime.objects.filter(entry=OuterRef("pk"), live=True)))
        .order_by("ticket__organization__name")
        .values("ticket__organization__name")
        .annotate(**figures)
    )
    return [
        Skip(reason, row["ticket__organization__name"], row[reason], row[f"{reason}_minutes"])
        for reason in conditions
        for row in customers
        if row[reason]
    ]
