"""The demo company: who works there, what it promises, and to whom."""

from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from itil.services.models import Service
from itil.tickets.models import Category
from itil.timesheets.models import Activity, ActivityKind
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
    ("Travel", True),
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


def found() -> Company:
    """Make the whole company."""
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
            ("2-3-1 Minatomirai, Nishi-ku", "220-0012", "Yokohama", "JP", ""),
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
    second = _person("Lotte Jansen", company.provider, "halden.example")
    Membership.objects.create(user=second, role=Role.MANAGER)
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
        kind = ActivityKind.TRAVEL if name == "Travel" else ActivityKind.WORK
        company.activities[name] = Activity.objects.create(name=name, kind=kind, billable=billable)
