"""Credits for missed targets: proposed after a month, decided by a person, billed like a charge."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.actions import keep_charge, withdraw_charge
from billing.contracts.amounts import rounded
from billing.contracts.matching import Terms, language_for, terms_in_force
from billing.contracts.models import (
    Charge,
    ChargeKind,
    ChargeState,
    Contract,
    CreditUnit,
    UnitCode,
)
from billing.invoices.documents import Wording
from billing.invoices.models import Invoice, InvoiceLine, Seller
from billing.invoices.parse import Month
from itil.sla.models import Metric, Outcome, SlaClock
from itil.tickets.models import Ticket
from itil.timesheets.hours import beginning_of, business_date

from .capping import caps_for
from .collecting import Collected, GroupKey, collect, current_seller
from .reckoning import ledgers_for, reckon

METRICS = (Metric.FIRST_RESPONSE, Metric.RESOLUTION)
# A person said yes; these use up the cap of the month.
ACCEPTED = (ChargeState.OPEN, ChargeState.INVOICED)
UNDECIDED = (ChargeState.PROPOSED, ChargeState.WITHDRAWN)
ZERO = Decimal(0)


@dataclass(frozen=True)
class Credit:
    """What one missed target gives back. `amount` is above zero, without VAT, in the currency of
    the contract; `charge` is empty as long as it was not proposed.
    """

    contract: Contract
    ticket: Ticket
    metric: str
    missed_at: datetime
    cycle: int
    amount: Decimal = ZERO
    charge: Charge | None = None

    @property
    def source(self) -> str:
        """The key of its charge: a target of a ticket is made good once."""
        return f"breach:{self.ticket.pk}:{self.metric}:{self.cycle}"

    @property
    def is_undecided(self) -> bool:
        """Nobody said yes or no."""
        return self.charge is None or self.charge.state in UNDECIDED

    @property
    def label(self) -> str:
        if self.metric == Metric.FIRST_RESPONSE:
            return _("Credit for a late first response")
        return _("Credit for a late solution")


def propose_credits(month: Month, *, at: datetime | None = None) -> list[Charge]:
    """Propose what `month` owes for missed targets, once it is over; returns the proposals.

    Run it as often as you like: what was decided stays, what waits follows the clocks and the fees,
    and is withdrawn when its target was met after all or left out of the count.
    """
    at = at or timezone.now()
    if business_date(at) <= month.last or not _crediting().exists():
        return []
    seller, terms = current_seller(), terms_in_force()
    with transaction.atomic():
        # Two runs at once: the second waits, and finds what the first has proposed.
        list(_crediting().select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        found = foresee_credits(seller, month, terms, collect(seller, month, terms))
        waiting = [one for one in found if one.is_undecided and one.amount]
        kept = [_propose(one, month, at) for one in waiting]
        missed = {one.charge.pk for one in found if one.charge}
        gone = Charge.objects.proposed().filter(kind=ChargeKind.BREACH_CREDIT, on=month.last)
        for charge in gone.exclude(pk__in=[one.pk for one in kept]):
            if charge.pk in missed:
                reason = _("Nothing more can be given back for the month.")
            else:
                reason = _("The target does not count as missed.")
            withdraw_charge(charge, reason=reason, at=at)
    return [one for one in kept if one.state == ChargeState.PROPOSED]


def foresee_credits(
    seller: Seller, month: Month, terms: Terms, collected: Collected
) -> list[Credit]:
    """Every missed target of `month` that a contract makes good, in order of time, with its amount
    (zero: nothing more can be given back, as the cap is used up or the month costs nothing) and
    its charge. A constant number of queries.
    """
    missed = _missed(month, terms)
    if not missed:
        return []
    charges = {
        charge.source: charge
        for charge in Charge.objects.filter(source__in=[one.source for one in missed])
    }
    given = _given(month)
    fees: Mapping[int, Decimal] = {}
    if any(_follows_fees(one.contract) for one in missed):
        fees = _fees(seller, month, collected)
    by_contract: dict[int, list[Credit]] = {}
    for one in missed:
        found = replace(one, charge=charges.get(one.source))
        by_contract.setdefault(one.contract.pk, []).append(found)
    return [
        credit
        for key, group in by_contract.items()
        for credit in _with_amounts(group, fees.get(key, ZERO), given.get(key, ZERO))
    ]


def _crediting() -> QuerySet[Contract]:
    """Active contracts that make missed targets good."""
    given = Q(response_credit__isnull=False) | Q(resolution_credit__isnull=False)
    return Contract.objects.active().filter(given)


def _missed(month: Month, terms: Terms) -> list[Credit]:
    """Missed targets of tickets that such a contract covers; what is left out of the count is no
    miss (`SLA-28`). Two queries.
    """
    if not any(one.gives_credits for rows in terms.contracts.values() for one in rows):
        return []
    contracts = {one.pk: one for one in _crediting().select_related("organization")}
    payers = {one.organization_id for one in contracts.values()}
    below = {one for payer in payers for one in terms.below(payer)}
    clocks = (
        SlaClock.objects.live()
        .with_customers()
        .filter(
            metric__in=METRICS,
            outcome=Outcome.BREACHED,
            outcome_at__gte=beginning_of(month.first),
            outcome_at__lt=beginning_of(month.last + timedelta(days=1)),
            ticket__organization__in=below,
        )
    )
    found = []
    for clock in clocks.select_related("ticket__organization").order_by("outcome_at", "pk"):
        ticket, day = clock.ticket, business_date(clock.outcome_at)
        covering = terms.contract_for(ticket.organization_id, day, ticket.service_id)
        contract = contracts.get(covering.pk) if covering else None
        if contract and _rate(contract, clock.metric) is not None:
            found.append(Credit(contract, ticket, clock.metric, clock.outcome_at, clock.cycle))
    return found


def _given(month: Month) -> dict[int, Decimal]:
    """What was accepted for `month` already, above zero, by contract; also for a target that left
    the count afterwards, for it is given all the same.
    """
    accepted = Charge.objects.filter(
        kind=ChargeKind.BREACH_CREDIT, on=month.last, state__in=ACCEPTED, contract__isnull=False
    )
    given: dict[int, Decimal] = {}
    for charge in accepted:
        given[charge.contract_id] = given.get(charge.contract_id, ZERO) - charge.net
    return given


def _with_amounts(group: Iterable[Credit], fees: Decimal, given: Decimal) -> list[Credit]:
    """The credits of one contract: what was accepted, `given`, counts first, then in order of time.
    Together they are at most the cap, or without one what the month costs: more cannot be given
    back.
    """
    group = list(group)
    contract = group[0].contract
    cap = contract.credit_cap
    left = max(fees, ZERO) if cap is None else _money(contract, cap, fees)
    left = max(left - given, ZERO)
    found = []
    for one in group:
        if one.charge and not one.is_undecided:
            found.append(replace(one, amount=-one.charge.net))
            continue
        amount = min(_money(contract, _rate(contract, one.metric) or ZERO, fees), left)
        left -= amount
        found.append(replace(one, amount=amount))
    return found


def _follows_fees(contract: Contract) -> bool:
    """What the month costs decides about the amounts, or about their cap."""
    return contract.credit_unit == CreditUnit.PERCENT or contract.credit_cap is None


def _rate(contract: Contract, metric: str) -> Decimal | None:
    """What the contract gives for one missed target, in its unit."""
    is_response = metric == Metric.FIRST_RESPONSE
    given: Decimal | None = contract.response_credit if is_response else contract.resolution_credit
    return given


def _money(contract: Contract, value: Decimal, fees: Decimal) -> Decimal:
    if contract.credit_unit == CreditUnit.PERCENT:
        value = max(fees, ZERO) * value / 100
    return rounded(value, contract.currency)


def _fees(seller: Seller, month: Month, collected: Collected) -> dict[int, Decimal]:
    """What the invoices of `month` ask for under each contract, in its currency, without VAT and
    before credits: those that were issued, else as they would be drafted now. What stands on an
    invoice in another currency is not counted.
    """
    invoices = Invoice.objects.of_the_run(seller, month)
    issued = invoices.issued()
    keys = {GroupKey(*row) for row in issued.values_list("organization_id", "currency", "group")}
    lines = InvoiceLine.objects.filter(
        invoice__in=issued, invoice__currency=F("contract__currency")
    )
    nets = list(
        lines.exclude(items__charge__kind=ChargeKind.BREACH_CREDIT).values_list(
            "contract_id", "net"
        )
    )
    coming = {key: bundle for key, bundle in collected.groups.items() if key not in keys}
    drafts = invoices.drafts()
    ledgers = ledgers_for(coming.values(), but=drafts)
    caps = caps_for(coming.values(), but=drafts)
    for key, bundle in sorted(coming.items()):
        for line in reckon(bundle, key.currency, ledgers, caps).lines:
            is_credit = line.item is not None and line.item.kind == ChargeKind.BREACH_CREDIT
            if key.currency == line.terms.currency and not is_credit:
                nets.append((line.terms.pk, line.net))
    fees: dict[int, Decimal] = {}
    for contract, net in nets:
        fees[contract] = fees.get(contract, ZERO) + net
    return fees


def _propose(credit: Credit, month: Month, at: datetime) -> Charge:
    contract = credit.contract
    wording = Wording.of(language_for(contract.organization, month.last, contract))
    is_answer = credit.metric == Metric.FIRST_RESPONSE
    return keep_charge(
        credit.source,
        at=at,
        is_proposal=True,
        organization=contract.organization,
        contract=contract,
        ticket=credit.ticket,
        on=month.last,
        kind=ChargeKind.BREACH_CREDIT,
        description=wording.say("late_first_response" if is_answer else "late_resolution"),
        quantity=Decimal(-1),
        unit=UnitCode.LUMP_SUM,
        unit_price=credit.amount,
        currency=contract.currency,
    )
