"""The hours a run would bill, priced and grouped, and those it leaves out with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.contracts.matching import ContractTerms, Terms, terms_in_force
from billing.invoices.amounts import price_of
from billing.invoices.lifecycle import State
from billing.invoices.models import BilledTime, Invoice, Seller
from billing.invoices.parse import Month
from itil.tickets.errors import Refused
from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import Organization
from reports.metrics.billable import Work, billed_minutes


class Reason(StrEnum):
    """Why hours stay out of a run."""

    NO_CONTRACT = "no_contract"
    NO_RATE = "no_rate"
    UNAPPROVED = "unapproved"
    NEXT_RUN = "next_run"
    LATER = "later"
    MIXED_VAT = "mixed_vat"
    CHANGED = "changed"
    UNEXPECTED = "unexpected"


# Someone has to act on these before the month is closed; the others wait for their turn.
NEEDS_ACTION = (
    Reason.NO_CONTRACT,
    Reason.NO_RATE,
    Reason.UNAPPROVED,
    Reason.MIXED_VAT,
    Reason.CHANGED,
    Reason.UNEXPECTED,
)


NOT_APPROVED = (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED)


@dataclass(frozen=True)
class Skip:
    """Hours of one organization that stay out; `minutes` are raw."""

    reason: Reason
    organization: str
    entries: int = 0
    minutes: int = 0
    activity: str = ""

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Skip":
        """From a row as a run keeps it."""
        return cls(**{**row, "reason": Reason(row["reason"])})

    def as_row(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def needs_action(self) -> bool:
        return self.reason in NEEDS_ACTION

    @property
    def sentence(self) -> str:
        """For a person: how many, and what to do."""
        entries = ngettext("%(count)d time entry", "%(count)d time entries", self.entries) % {
            "count": self.entries
        }
        texts = {
            Reason.NO_CONTRACT: _("%(entries)s without a contract on the day of work."),
            Reason.NO_RATE: _("%(entries)s without an hourly rate for %(activity)s."),
            Reason.UNAPPROVED: _("%(entries)s not approved yet."),
            Reason.NEXT_RUN: _("%(entries)s come with the next month: the invoice is issued."),
            Reason.LATER: _("%(entries)s worked after this month."),
            Reason.MIXED_VAT: _(
                "Hours outside the scope of VAT cannot stand beside others on one invoice."
            ),
            Reason.CHANGED: _("The hours changed during the run. Run the month again."),
            Reason.UNEXPECTED: _(
                "Something unexpected went wrong; the log of the worker says what. "
                "Run the month again."
            ),
        }
        return texts[self.reason] % {"entries": entries, "activity": self.activity}


@dataclass(frozen=True)
class Hours:
    """One billable entry with its contract and rate; `minutes` are raw."""

    entry: int
    ticket: int
    ticket_number: str
    activity: int
    activity_name: str
    work_date: date
    minutes: int
    terms: ContractTerms
    rate: Decimal


@dataclass(frozen=True)
class LineDraft:
    """Hours of one activity at one price; `billed` gives minutes by entry."""

    terms: ContractTerms
    activity: int
    activity_name: str
    rate: Decimal
    hours: tuple[Hours, ...]
    billed: Mapping[int, int]

    @property
    def minutes(self) -> int:
        return sum(self.billed.values())


@dataclass(frozen=True, order=True)
class GroupKey:
    """What keeps invoices of one month apart: who pays, the currency, and a contract or order.

    With seller and period it is the key by which a run finds its draft again (`BIL-10`).
    """

    payer: int
    currency: str
    group: str = ""


@dataclass(frozen=True)
class Collected:
    """`groups`: the hours of each invoice to be."""

    groups: Mapping[GroupKey, Sequence[Hours]]
    skipped: Sequence[Skip] = ()


@dataclass(frozen=True)
class CustomerPreview:
    """What a run would draft for one customer; `net` in `currency`."""

    payer: int
    organization: str
    currency: str
    entries: int
    minutes: int
    net: Decimal


@dataclass(frozen=True)
class Preview:
    """A run that writes nothing. Hours on drafts of the month are counted as if drafted anew."""

    month: Month
    customers: Sequence[CustomerPreview] = ()
    skipped: Sequence[Skip] = field(default=())

    @property
    def warnings(self) -> list[Skip]:
        return [skip for skip in self.skipped if skip.needs_action]


def current_seller() -> Seller:
    """The active seller, the first of several. Raises Refused when none is set up."""
    seller = Seller.objects.filter(active=True).order_by("pk").first()
    if seller is None:
        raise Refused(_("Enter our own legal details under Settings, Sellers, first."))
    return seller


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
    customers, waiting = [], []
    for key, hours in sorted(
        collected.groups.items(), key=lambda item: (names[item[0].payer], item[0])
    ):
        currency = key.currency
        if key in issued:
            waiting.append(left_for_next_run(names[key.payer], hours))
            continue
        lines = lines_of(hours)
        customers.append(
            CustomerPreview(
                payer=key.payer,
                organization=names[key.payer],
                currency=currency,
                entries=len(hours),
                minutes=sum(line.minutes for line in lines),
                net=sum(
                    (price_of(line.minutes, line.rate, currency) for line in lines), Decimal(0)
                ),
            )
        )
    return Preview(month, customers, [*collected.skipped, *waiting, *left_out(month, terms)])


def collect(
    seller: Seller,
    month: Month,
    terms: Terms,
    *,
    cut_off: datetime | None = None,
    payer: int | None = None,
) -> Collected:
    """Approved billable hours up to the end of `month` that are on no invoice but its drafts.

    Late ones of earlier months are included (`BIL-9`). `cut_off` leaves out what was approved
    later; `payer` limits it to hours that one organization pays for. One query.
    """
    covered = terms.covered() if payer is None else terms.below(payer)
    rows = (
        TimeEntry.objects.billable()
        .approved()
        .exclude(Exists(billed_elsewhere(seller, month)))
        .filter(work_date__lte=month.last, ticket__organization__in=covered)
        .order_by("work_date", "pk")
    )
    if cut_off:
        # Without an approver the contract's rule approved it when it was booked.
        rows = rows.alias(ready_at=Coalesce("approved_at", "created_at")).filter(
            ready_at__lte=cut_off
        )
    groups: dict[GroupKey, list[Hours]] = {}
    missing: dict[tuple[Reason, str, str], list[int]] = {}
    for (
        entry,
        ticket,
        number,
        organization,
        name,
        activity,
        activity_name,
        day,
        minutes,
    ) in rows.values_list(
        "pk",
        "ticket_id",
        "ticket__number",
        "ticket__organization_id",
        "ticket__organization__name",
        "activity_id",
        "activity__name",
        "work_date",
        "minutes",
    ):
        contract = terms.contract_for(organization, day)
        if contract is None:
            missing.setdefault((Reason.NO_CONTRACT, name, ""), []).append(minutes)
            continue
        if payer is not None and contract.organization != payer:
            continue
        rate = contract.rate_for(activity, day)
        if rate is None:
            missing.setdefault((Reason.NO_RATE, name, activity_name), []).append(minutes)
            continue
        groups.setdefault(GroupKey(contract.organization, contract.currency), []).append(
            Hours(entry, ticket, number, activity, activity_name, day, minutes, contract, rate)
        )
    return Collected(groups, skips_of(missing))


def billed_elsewhere(seller: Seller, month: Month) -> QuerySet[BilledTime]:
    """That an entry stands on a live line other than those of the drafts of `month`."""
    return BilledTime.objects.filter(entry=OuterRef("pk"), live=True).exclude(
        line__invoice__state=State.DRAFT,
        line__invoice__seller=seller,
        line__invoice__period_first=month.first,
    )


def skips_of(missing: Mapping[tuple[Reason, str, str], Sequence[int]]) -> list[Skip]:
    return [
        Skip(reason, name, len(minutes), sum(minutes), activity)
        for (reason, name, activity), minutes in sorted(missing.items())
    ]


def left_for_next_run(organization: str, hours: Sequence[Hours]) -> Skip:
    return Skip(Reason.NEXT_RUN, organization, len(hours), sum(one.minutes for one in hours))


def left_out(month: Month, terms: Terms) -> list[Skip]:
    """Hours of customers that no contract ever covers, unapproved ones, and later ones.

    One query.
    """
    covered = set(terms.covered())
    in_time, later = Q(work_date__lte=month.last), Q(work_date__gt=month.last)
    approved, waiting = Q(state=EntryState.APPROVED), Q(state__in=NOT_APPROVED)
    customers = (
        TimeEntry.objects.billable()
        .filter(
            Q(ticket__organization__in=covered)
            | Q(ticket__organization__kind=Organization.Kind.CUSTOMER),
            approved | (waiting & in_time),
        )
        .exclude(Exists(BilledTime.objects.filter(entry=OuterRef("pk"), live=True)))
        .order_by("ticket__organization__name")
        .values("ticket__organization_id", "ticket__organization__name")
        .annotate(
            no_contract=Count("pk", filter=approved & in_time),
            no_contract_minutes=Sum("minutes", filter=approved & in_time),
            unapproved=Count("pk", filter=waiting),
            unapproved_minutes=Sum("minutes", filter=waiting),
            later=Count("pk", filter=approved & later),
            later_minutes=Sum("minutes", filter=approved & later),
        )
    )
    return [
        Skip(reason, row["ticket__organization__name"], row[reason], row[f"{reason}_minutes"])
        for reason in (Reason.NO_CONTRACT, Reason.UNAPPROVED, Reason.LATER)
        for row in customers
        # Hours under a contract are priced or listed by `collect`.
        if row[reason]
        and not (reason == Reason.NO_CONTRACT and row["ticket__organization_id"] in covered)
    ]


def lines_of(hours: Sequence[Hours]) -> list[LineDraft]:
    """One line for each activity and price of a contract, minutes rounded by its rules."""
    billed: dict[int, int] = {}
    by_contract: dict[int, list[Hours]] = {}
    for one in hours:
        by_contract.setdefault(one.terms.pk, []).append(one)
    for mine in by_contract.values():
        works = [Work(one.entry, one.ticket, one.work_date, one.minutes) for one in mine]
        billed |= billed_minutes(works, mine[0].terms.rounding)
    grouped: dict[tuple[str, int, Decimal, int], list[Hours]] = {}
    for one in hours:
        key = (one.activity_name, one.activity, one.rate, one.terms.pk)
        grouped.setdefault(key, []).append(one)
    return [
        LineDraft(
            terms=members[0].terms,
            activity=activity,
            activity_name=name,
            rate=rate,
            hours=tuple(members),
            billed={one.entry: billed[one.entry] for one in members},
        )
        for (name, activity, rate, _contract), members in sorted(
            grouped.items(), key=lambda item: item[0]
        )
    ]
