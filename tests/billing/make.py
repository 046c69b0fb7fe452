"""Builders for billing stories; tickets come from the real verbs."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from billing.contracts.models import Contract, ContractRate
from billing.invoices import actions
from billing.invoices.models import Invoice, Seller
from billing.invoices.parse import month as parse_month
from itil.timesheets.models import Activity, TimeEntry
from tests import make
from tests.cast import Cast


def seller(**changes) -> Seller:
    """Halden as a legal entity in Hamburg."""
    return Seller.objects.create(
        **{
            "name": "Halden IT Services GmbH",
            "street": "Speicherweg 21",
            "postcode": "20457",
            "city": "Hamburg",
            "country": "DE",
            "vat_id": "DE123456788",
            "registration": "HRB 104417",
            "email": "billing@halden.example",
            "iban": "DE89 3704 0044 0532 0130 00",
            "bic": "COBADEFFXXX",
            "series": "HAL",
        }
        | changes
    )


def contract(organization, *, rates: dict[Activity, str] | None = None, **changes) -> Contract:
    """15 minutes up for each entry, 19 % VAT, 100.00 an hour unless `rates` say otherwise."""
    address = {"street": "Am Wall 140", "postcode": "28195", "city": "Bremen", "country": "DE"}
    for field, value in address.items():
        setattr(organization, field, getattr(organization, field) or value)
    organization.save()
    made = Contract.objects.create(
        **{
            "organization": organization,
            "name": "Support",
            "number": f"C-{organization.name}",
            "valid_from": date(2020, 1, 1),
            "vat_rate": Decimal("19.00"),
            "default_hourly_rate": Decimal("100.00"),
        }
        | changes
    )
    for activity, rate in (rates or {}).items():
        ContractRate.objects.create(contract=made, activity=activity, hourly_rate=Decimal(rate))
    return made


def hours(cast: Cast, minutes: int, day: date, *, ticket=None, **changes) -> TimeEntry:
    """Bo's approved billable work for Acme on `day`, on a ticket of its own unless one is given."""
    return TimeEntry.objects.create(
        **{
            "ticket_id": (ticket or make.incident(cast)).pk,
            "agent": cast.bo,
            "activity": cast.activity,
            "minutes": minutes,
            "work_date": day,
            "created_at": datetime.combine(day, time(), tzinfo=UTC),
        }
        | changes
    )


def issued(
    cast: Cast, net: str = "1000.00", *, month: str = "2026-03", at=None, **terms
) -> Invoice:
    """Acme's issued invoice: one hour at `net`, VAT 19 %, due 30 days after 2 May 2026.

    The first call makes seller and contract; later ones bill other months of the same contract.
    """
    if not Seller.objects.exists():
        seller()
    found = Contract.objects.filter(organization=cast.acme).first()
    if found is None:
        contract(cast.acme, default_hourly_rate=Decimal(net), **terms)
    else:
        Contract.objects.filter(pk=found.pk).update(default_hourly_rate=Decimal(net), **terms)
    hours(cast, 60, date.fromisoformat(f"{month}-05"))
    at = at or datetime(2026, 5, 2, 9, 0, tzinfo=UTC)
    [draft] = actions.run_month(parse_month(month), by=cast.bea, at=at).drafted
    return actions.issue(draft, by=cast.bea, at=at)


def paid_in(cast: Cast, amount: str, /, *, shares=(), **changes):
    """Money of Acme, recorded by Bea on 10 May 2026."""
    return actions.record_payment(
        **{
            "seller": Seller.objects.get(),
            "organization": cast.acme,
            "amount": Decimal(amount),
            "currency": "EUR",
            "received_on": date(2026, 5, 10),
            "by": cast.bea,
            "shares": [(invoice, Decimal(share)) for invoice, share in shares],
            "at": datetime(2026, 5, 10, 9, 0, tzinfo=UTC),
        }
        | changes
    )
