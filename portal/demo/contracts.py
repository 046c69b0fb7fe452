"""Who the demo company bills, and on what terms."""

from datetime import date, timedelta
from decimal import Decimal

from billing.contracts.models import (
    Contract,
    ContractRate,
    KilometreRate,
    PartPrice,
    Retainer,
    Unit,
    VatCategory,
)
from billing.invoices.models import Seller
from billing.margins.actions import add_cost
from billing.margins.models import CostRate
from itil.calendars.models import BusinessCalendar
from portal.people.models import Organization, User

from .company import Company

PARTS = (("Patch cable, 3 m", "PC-3", "4.25"), ("Switch, 24 ports", "SW-24", "219.00"))
EUROPEAN, JAPANESE = "Brightwater Clinics", "Orchid Logistics"


def make_contracts(company: Company, first_day: date) -> None:
    """Contracts that run from `first_day`, the first of a month.

    Brightwater pays by the hour, more at night and on Sundays; Orchid pays ten hours of every month
    in advance, in yen, and keeps half of what is left for the month after. Brightwater also pays
    for orders, parts and kilometers, and gets something back for missed targets.
    """
    _seller(company.provider)
    hourly = Contract.objects.create(
        organization=company.organizations[EUROPEAN],
        name=f"Support for {EUROPEAN}",
        number="C-2026-001",
        buyer_reference="IT services 2026",
        order_number="PO-001-77",
        currency="EUR",
        valid_from=first_day,
        vat_category=VatCategory.REVERSE_CHARGE,
        vat_rate=Decimal(0),
        vat_exemption_reason="Reverse charge: VAT is due from the customer",
        default_hourly_rate=Decimal("98.00"),
        hours=BusinessCalendar.objects.get(name="Office hours"),
        orders_charged_from=first_day,
        response_credit=Decimal(15),
        resolution_credit=Decimal(40),
        credit_cap=Decimal(150),
        **_people(company, EUROPEAN),
    )
    ContractRate.objects.create(
        contract=hourly,
        activity=company.activities["On-site visit"],
        hourly_rate=Decimal("125.00"),
    )
    KilometreRate.objects.create(contract=hourly, price=Decimal("0.48"), valid_from=first_day)
    for name, number, price in PARTS:
        PartPrice.objects.create(
            contract=hourly, name=name, number=number, unit_price=Decimal(price)
        )
    prepaid = Contract.objects.create(
        organization=company.organizations[JAPANESE],
        name=f"Prepaid support for {JAPANESE}",
        number="C-2026-002",
        buyer_reference="PO-002-77",
        currency="JPY",
        language="ja",
        valid_from=first_day,
        vat_category=VatCategory.OUTSIDE_SCOPE,
        vat_rate=Decimal(0),
        vat_exemption_reason="Not subject to EU VAT: service to a business outside the EU",
        default_hourly_rate=Decimal(16500),
        overage_rate=Decimal(18500),
        **_people(company, JAPANESE),
    )
    Retainer.objects.create(
        contract=prepaid,
        name="Support, 10 hours",
        unit=Unit.HOURS,
        minutes=600,
        price=Decimal(150000),
        first_month=first_day,
        keeps_months=1,
        cap=Decimal(300),
    )


def make_costs(company: Company, first_day: date) -> None:
    """What an hour costs Halden: of everybody, of the leads more, and of one who got a raise."""
    for person, hourly, first, last in (
        (None, "46.00", first_day, None),
        *((lead, "61.50", first_day, None) for lead in sorted(company.leads.values(), key=str)),
        (company.agents["Service desk"][0], "44.00", first_day, first_day + timedelta(days=44)),
        (company.agents["Service desk"][0], "47.50", first_day + timedelta(days=45), None),
    ):
        rate = CostRate(person=person, hourly_cost=Decimal(hourly), valid_from=first, valid_to=last)
        add_cost(rate, by=None)


def _people(company: Company, customer: str) -> dict[str, User]:
    """Who answers for the contract on both sides; the customer's sees invoices and accepts cost."""
    theirs = company.organizations[customer].people.order_by("pk").first()
    theirs.billing_contact = theirs.can_approve_cost = True
    theirs.save()
    return {"contact": theirs, "manager": company.leads["Service desk"]}


def _seller(provider: Organization) -> None:
    Seller.objects.create(
        name="Halden Services B.V.",
        brand="Halden",
        street=provider.street,
        postcode=provider.postcode,
        city=provider.city,
        country=provider.country,
        vat_id=provider.vat_id,
        registration="KvK 12345678",
        email="billing@halden.example",
        phone="+31 20 555 0100",
        iban="NL91ABNA0417164300",
        bic="ABNANL2A",
        series="HAL",
    )
