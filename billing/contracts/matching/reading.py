"""Everything that prices depend on, read once."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import CharField, DateField, Value
from django.db.models.functions import Cast, Coalesce

from billing.contracts.amounts.months import month_end
from billing.contracts.hours import Multipliers
from billing.contracts.models import (
    Contract,
    GeneralRate,
    PersonRole,
    PrepaidBlock,
    Retainer,
)
from portal.people.models import Organization
from reports.metrics.billable import Rounding

from .rates import Rates
from .terms import Cap, ContractTerms, FixedPrices, Terms

_OWN = (Organization.Kind.PROVIDER, Organization.Kind.DEPARTMENT)
_PARTS = ("services", "included_services", "included_activities", "call_out_activities")
Spans = dict[int, list[tuple[date, date]]]
Parts = dict[tuple[int, str], list[int]]


class _NoFixedPrices(FixedPrices):
    """Until somebody knows better: every ticket is priced by its hours."""

    def of(self, tickets: Collection[int]) -> Mapping[int, str]:
        return {}

    def caps(self, tickets: Collection[int]) -> Mapping[int, Cap]:
        return {}


class _Agreed:
    """Who knows what was agreed for whole tickets."""

    prices: FixedPrices = _NoFixedPrices()


def hand_over(prices: FixedPrices) -> None:
    """Let this one say which tickets have a fixed price from now on."""
    _Agreed.prices = prices


def fixed_prices(tickets: Collection[int]) -> Mapping[int, str]:
    """What was agreed for tickets as a whole, in words."""
    return _Agreed.prices.of(tickets)


def caps(tickets: Collection[int]) -> Mapping[int, Cap]:
    """At most what was agreed to be paid for the hours of tickets."""
    return _Agreed.prices.caps(tickets)


def terms_in_force(organizations: Collection[int] | None = None) -> Terms:
    """Every active contract with its rates, and all that is looked up when it says nothing.

    Only contracts that can cover one of `organizations`, when they are given. Seven queries; a
    calendar costs some more when this process first counts by it.
    """
    prepaid, parts = _prepaid_spans(), _parts()
    contracts: dict[int, list[ContractTerms]] = {}
    rows = list(Organization.objects.values_list("pk", "parent_id", "name", "kind"))
    parents = {pk: parent for pk, parent, _name, _kind in rows}
    found = Contract.objects.active().order_by("pk").select_related("hours")
    if organizations is not None:
        lines = Terms({}, parents)
        above = {step for one in organizations for step in lines.line_of(one)}
        found = found.filter(organization__in=above)
    for contract in found.prefetch_related("rates"):
        contracts.setdefault(contract.organization_id, []).append(
            _terms(contract, parts, prepaid.get(contract.pk, []))
        )
    roles, role_names = _roles()
    return Terms(
        contracts,
        parents=parents,
        names={pk: name for pk, _parent, name, _kind in rows},
        general=_general_rates(),
        roles=roles,
        role_names=role_names,
        own=frozenset(pk for pk, _parent, _name, kind in rows if kind in _OWN),
        home_currency=settings.BUSINESS_CURRENCY,
    )


def terms_of(contract: Contract) -> ContractTerms:
    """One contract in plain values."""
    return _terms(contract, _parts(contract.pk), _prepaid_spans(contract.pk).get(contract.pk, []))


def rounding_of(contract: Contract) -> Rounding:
    """How the contract rounds minutes."""
    return Rounding(
        increment=contract.rounding_increment,
        mode=contract.rounding_mode,
        scope=contract.rounding_scope,
        minimum=contract.minimum_minutes,
        minimum_scope=contract.minimum_scope,
    )


def _terms(
    contract: Contract, parts: Parts, prepaid: Collection[tuple[date, date]]
) -> ContractTerms:
    services, included, activities, call_outs = (
        frozenset(parts.get((contract.pk, name), ())) for name in _PARTS
    )
    return ContractTerms(
        pk=contract.pk,
        organization=contract.organization_id,
        number=contract.number,
        name=contract.name,
        currency=contract.currency,
        valid_from=contract.valid_from,
        valid_to=contract.valid_to,
        rounding=rounding_of(contract),
        default_rate=contract.default_hourly_rate,
        rates=Rates.of(
            (rate.role_id, rate.activity_id, rate.hourly_rate, rate.valid_from)
            for rate in contract.rates.all()
        ),
        overage_rate=contract.overage_rate,
        vat_category=contract.vat_category,
        vat_rate=contract.vat_rate,
        vat_reason=contract.vat_exemption_reason,
        services=services,
        included_services=included,
        included_activities=activities,
        multipliers=Multipliers(
            schedule=contract.hours.schedule() if contract.hours else None,
            out_of_hours=contract.out_of_hours_multiplier,
            holiday=contract.holiday_multiplier,
            call_out=contract.call_out_multiplier,
            call_out_activities=call_outs,
        ),
        prepaid=tuple(prepaid),
        time_approval=contract.time_approval,
        work_before_acceptance=contract.work_before_acceptance,
        grouping=contract.grouping,
        buyer_reference=contract.buyer_reference,
        order_number=contract.order_number,
        payment_terms_days=contract.payment_terms_days,
        terms_from_month_end=contract.terms_from_month_end,
        e_invoice=contract.e_invoice,
        language=contract.language,
        orders_charged_from=contract.orders_charged_from,
        gives_credits=contract.gives_credits,
    )


def _parts(contract: int | None = None) -> Parts:
    """The services and activities that contracts name, by contract and what for. One query."""
    through = [getattr(Contract, name).through.objects.order_by() for name in _PARTS]
    if contract is not None:
        through = [rows.filter(contract_id=contract) for rows in through]
    rows = [
        found.values_list(
            "contract_id",
            "service_id" if name.endswith("services") else "activity_id",
            Value(name, output_field=CharField()),
        )
        for name, found in zip(_PARTS, through, strict=True)
    ]
    parts: Parts = {}
    for pk, one, name in rows[0].union(*rows[1:], all=True):
        parts.setdefault((pk, name), []).append(one)
    return parts


def _prepaid_spans(contract: int | None = None) -> Spans:
    """On which days each contract has blocks, or a retainer that goes on. One query."""
    blocks = PrepaidBlock.objects.order_by()
    retainers = Retainer.objects.order_by()
    if contract is not None:
        blocks = blocks.filter(contract_id=contract)
        retainers = retainers.filter(contract_id=contract)
    no_day = Cast(Value(None), output_field=DateField())
    rows = blocks.values_list(
        "contract_id", "valid_from", Coalesce("rolls_to", "valid_to"), no_day
    ).union(retainers.values_list("contract_id", "first_month", no_day, "last_month"), all=True)
    spans: Spans = {}
    for pk, first, last, last_month in rows:
        until = last or (month_end(last_month) if last_month else date.max)
        spans.setdefault(pk, []).append((first, until))
    return spans


def _general_rates() -> dict[tuple[int | None, str], Rates]:
    rows: dict[
        tuple[int | None, str], list[tuple[int | None, int | None, Decimal, date | None]]
    ] = {}
    for organization, currency, role, activity, rate, since in GeneralRate.objects.values_list(
        "organization_id", "currency", "role_id", "activity_id", "hourly_rate", "valid_from"
    ):
        rows.setdefault((organization, currency), []).append((role, activity, rate, since))
    return {key: Rates.of(found) for key, found in rows.items()}


def _roles() -> tuple[dict[int, list[tuple[int, date | None]]], dict[int, str]]:
    """The roles of people by date, and the names of roles that somebody has."""
    roles: dict[int, list[tuple[int, date | None]]] = {}
    names: dict[int, str] = {}
    for person, role, name, since in PersonRole.objects.values_list(
        "person_id", "role_id", "role__name", "valid_from"
    ):
        roles.setdefault(person, []).append((role, since))
        names[role] = name
    return roles, names
