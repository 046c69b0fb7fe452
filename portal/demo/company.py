"""The demo company: who works there, what it promises, and to whom."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from billing.contracts.models import Contract, ContractRate, VatCategory
from billing.invoices.models import Seller
from itil.services.models import Service
from itil.tickets.models import Category
from itil.timesheets.models import Activity
from portal.demo.promises import make_promises
from portal.people.models import Location, MailDomain, Membership, Organization, Role, Team, User

PASSWORD = "balie-demo"  # noqa: S105 - printed by `make demo`, for a machine of one's own
ZONE = "Europe/Amsterdam"

DEPARTMENTS = ("Information Technology", "Human Resources", "Facilities")
AGENTS = (
    ("Tom Ekberg", "Service desk", Role.AGENT),
    ("Aisha Rahman", "Service desk", Role.AGENT),
    ("Sanne de Wit", "Service desk", Role.LEAD),
    ("Budi Santoso", "Network", Role.AGENT),
    ("Pavel Sokolov", "Network", Role.LEAD),
    ("Dewi Lestari", "Business applications", Role.AGENT),
    ("Kenji Mori", "Business applications", Role.LEAD),
    ("Lin Yi-ting", "Facilities", Role.AGENT),
)
EMPLOYEES = {
    "Halden": (
        "Maria Ortega",
        "Jonas Weber",
        "Sara Lind",
        "Aiko Tanaka",
        "Anna Lind",
        "Ruben Visser",
        "Femke Bakker",
        "Daan Mulder",
        "Lotte Smit",
        "Milan Kovac",
        "Ines Costa",
        "Omar Haddad",
        "Nadia Petrova",
        "Bram Hoekstra",
        "Yara Jansen",
        "Tess Dekker",
        "Hugo Laurent",
        "Eva Novak",
        "Finn Larsen",
        "Julia Keller",
    ),
    "Brightwater Clinics": (
        "Grace Owusu",
        "Peter Novotny",
        "Helen Marsh",
        "Samir Patel",
        "Claire Dubois",
        "Ivan Horvat",
        "Rosa Marin",
        "Liam Byrne",
        "Mei Chen",
        "Karin Holm",
    ),
    "Orchid Logistics": (
        "Victor Almeida",
        "Noor Aziz",
        "Tim Brandt",
        "Olga Ivanova",
        "Pieter Maas",
        "Leila Farah",
        "Marco Ricci",
        "Stella Berg",
        "Arjun Rao",
        "Wout Claes",
    ),
}
CATEGORIES = {
    "Access": ("Password", "Permissions"),
    "Hardware": ("Laptop", "Printer", "Telephone"),
    "Network": ("Wi-Fi", "VPN", "Internet"),
    "Software": ("Mail", "Office", "Payroll", "Planning"),
    "Building": ("Doors", "Climate"),
}
SERVICES = (
    ("Workplace", "Service desk", 3, "Laptops, printers and the programs on them."),
    ("Mail and calendar", "Service desk", 2, "Mailboxes, shared mailboxes, calendars."),
    ("Network and VPN", "Network", 2, "Wired and wireless network, remote access."),
    ("Payroll", "Business applications", 1, "Salary runs and their exports."),
    ("Transport planning", "Business applications", 1, "Routes, loads and drivers."),
    ("Building", "Facilities", 3, "Doors, climate and meeting rooms."),
)
ACTIVITIES = (
    ("Analysis", True),
    ("Repair", True),
    ("Advice", True),
    ("On-site visit", True),
    ("Internal work", False),
)


@dataclass
class Company:
    """What the stories are told with."""

    provider: Organization
    organizations: dict[str, Organization] = field(default_factory=dict)
    departments: list[Organization] = field(default_factory=list)
    teams: dict[str, Team] = field(default_factory=dict)
    agents: dict[str, list[User]] = field(default_factory=dict)
    leads: dict[str, User] = field(default_factory=dict)
    employees: list[User] = field(default_factory=list)
    services: dict[str, Service] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)
    supplier: Organization | None = None


def address_of(name: str, domain: str) -> str:
    """maria.ortega@domain for Maria Ortega."""
    return f"{name.lower().replace(' ', '.')}@{domain}"


def found(first_day: date) -> Company:
    """Make the whole company; its contracts run from `first_day`."""
    provider = Organization.objects.create(
        name="Halden",
        kind=Organization.Kind.PROVIDER,
        time_zone=ZONE,
        street="Keizersgracht 100",
        postcode="1015 CV",
        city="Amsterdam",
        country="NL",
        vat_id="NL123456782B12",
    )
    company = Company(provider)
    _organizations(company)
    _teams(company)
    _people(company)
    _services(company)
    company.supplier = make_promises(
        company.organizations["Brightwater Clinics"], company.teams["Network"]
    )
    _contracts(company, first_day)
    return company


def _organizations(company: Company) -> None:
    company.organizations["Halden"] = company.provider
    MailDomain.objects.create(organization=company.provider, domain="halden.example")
    for name in DEPARTMENTS:
        company.departments.append(
            Organization.objects.create(
                name=name, kind=Organization.Kind.DEPARTMENT, parent=company.provider
            )
        )
    customers = (
        (
            "Brightwater Clinics",
            "brightwater.example",
            ("12 Harbour Road", "D02 X285", "Dublin", "IE", "IE6388047V"),
        ),
        (
            "Orchid Logistics",
            "orchid.example",
            ("Havenstraat 7", "3011 TD", "Rotterdam", "NL", "NL004495445B01"),
        ),
    )
    for name, domain, (street, postcode, city, country, vat_id) in customers:
        customer = Organization.objects.create(
            name=name,
            kind=Organization.Kind.CUSTOMER,
            time_zone=ZONE,
            street=street,
            postcode=postcode,
            city=city,
            country=country,
            vat_id=vat_id,
            billing_email=f"invoices@{domain}",
        )
        MailDomain.objects.create(organization=customer, domain=domain)
        Location.objects.create(organization=customer, name=city)
        company.organizations[name] = customer


def _teams(company: Company) -> None:
    for name in dict.fromkeys(team for _person, team, _role in AGENTS):
        company.teams[name] = Team.objects.create(name=name, slug=name.lower().replace(" ", "-"))


def _person(name: str, organization: Organization, domain: str, **more) -> User:
    return User.objects.create_user(
        address_of(name, domain),
        name,
        organization=organization,
        time_zone=ZONE,
        **more,
    )


def _people(company: Company) -> None:
    """Eight agents, forty employees, a manager who also bills, an administrator."""
    for name, team, role in AGENTS:
        agent = _person(name, company.provider, "halden.example")
        Membership.objects.create(user=agent, team=company.teams[team], role=role)
        company.agents.setdefault(team, []).append(agent)
        if role == Role.LEAD:
            company.leads[team] = agent
    for organization_name, names in EMPLOYEES.items():
        organization = company.organizations[organization_name]
        domain = organization.mail_domains.get().domain
        is_own = organization == company.provider
        for position, name in enumerate(names):
            company.employees.append(
                _person(
                    name,
                    company.departments[position % 3] if is_own else organization,
                    domain,
                    vip=position == 0,
                    sees_organization=position == 0 and not is_own,
                    billing_contact=position == 0 and not is_own,
                )
            )
    manager = _person("Ingrid Bos", company.provider, "halden.example")
    for role in (Role.MANAGER, Role.BILLING_CLERK):
        Membership.objects.create(user=manager, role=role)
    _person("Ada Admin", company.provider, "halden.example", is_superuser=True)
    # Hashing is slow on purpose; everybody's password is the same, so once is enough.
    User.objects.update(password=make_password(PASSWORD))


def _services(company: Company) -> None:
    for name, children in CATEGORIES.items():
        parent = Category.objects.create(name=name)
        company.categories[name] = parent
        for child in children:
            company.categories[child] = Category.objects.create(name=child, parent=parent)
    for name, team, criticality, description in SERVICES:
        company.services[name] = Service.objects.create(
            name=name, team=company.teams[team], criticality=criticality, description=description
        )
    for name, billable in ACTIVITIES:
        company.activities[name] = Activity.objects.create(name=name, billable=billable)


def _contracts(company: Company, first_day: date) -> None:
    Seller.objects.create(
        name="Halden Services B.V.",
        brand="Halden",
        street="Keizersgracht 100",
        postcode="1015 CV",
        city="Amsterdam",
        country="NL",
        vat_id="NL123456782B12",
        registration="KvK 12345678",
        email="billing@halden.example",
        phone="+31 20 555 0100",
        iban="NL91ABNA0417164300",
        bic="ABNANL2A",
        series="HAL",
    )
    terms = (
        ("Brightwater Clinics", "C-2026-001", VatCategory.REVERSE_CHARGE, Decimal(0), "98.00"),
        ("Orchid Logistics", "C-2026-002", VatCategory.STANDARD, Decimal(21), "105.00"),
    )
    for name, number, category, rate, hourly in terms:
        contract = Contract.objects.create(
            organization=company.organizations[name],
            name=f"Support for {name}",
            number=number,
            buyer_reference=f"PO-{number[-3:]}-77",
            currency="EUR",
            valid_from=first_day,
            vat_category=category,
            vat_rate=rate,
            vat_exemption_reason=""
            if category == VatCategory.STANDARD
            else "Reverse charge: VAT is due from the customer",
            default_hourly_rate=Decimal(hourly),
        )
        ContractRate.objects.create(
            contract=contract,
            activity=company.activities["On-site visit"],
            hourly_rate=Decimal(hourly) + 27,
        )
