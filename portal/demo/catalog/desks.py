"""The departments of the demo company that deliver, and who leads whom."""

from dataclasses import dataclass, field

from itil.calendars.models import BusinessCalendar
from portal.demo.company import ZONE, Company, address_of
from portal.people.models import CostCentre, Location, Membership, Organization, Role, Team, User

DOMAIN = "halden.example"
# The desk that answers for a department, whether only its members see its tickets, who works there.
DESKS = (
    ("People services", True, (("Marit Hansen", Role.LEAD), ("Joris de Boer", Role.AGENT))),
    ("Finance desk", False, (("Carla Mendes", Role.LEAD), ("Piotr Nowak", Role.AGENT))),
    ("Legal desk", True, (("Anke Vos", Role.LEAD), ("Diego Ruiz", Role.AGENT))),
    ("Facilities", False, (("Greta Blom", Role.LEAD),)),
)
NEW_DEPARTMENTS = ("Finance", "Legal")
OFFICES = ("Amsterdam office", "Rotterdam office", "Lisbon office")
CATALOG_MANAGER = "Kim de Groot"
# The two who lead the employees; their own manager leads them and the desks.
LEADERS = ("Anna Lind", "Hugo Laurent")
TOP = "Ingrid Bos"


@dataclass
class Desks:
    """Who delivers and approves."""

    departments: dict[str, Organization] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    leads: dict[str, User] = field(default_factory=dict)
    top: User | None = None
    office_hours: BusinessCalendar | None = None


def make_desks(company: Company) -> Desks:
    """Staff the departments, and tell everybody's manager, office and cost center."""
    for name in NEW_DEPARTMENTS:
        company.departments.append(
            Organization.objects.create(
                name=name, kind=Organization.Kind.DEPARTMENT, parent=company.provider
            )
        )
    desks = Desks(
        departments={one.name: one for one in company.departments},
        teams=dict(company.teams),
        leads=dict(company.leads),
        top=User.objects.get(email=address_of(TOP, DOMAIN)),
        office_hours=BusinessCalendar.objects.get(name="Office hours"),
    )
    for name, restricted, people in DESKS:
        team = desks.teams.get(name)
        if team is None:
            team = Team.objects.create(
                name=name, slug=name.lower().replace(" ", "-"), restricted=restricted
            )
            desks.teams[name] = team
        for person, role in people:
            user = _person(person, company)
            Membership.objects.create(user=user, team=team, role=role)
            if role == Role.LEAD:
                desks.leads[name] = user
    keeper = _person(CATALOG_MANAGER, company)
    Membership.objects.create(user=keeper, role=Role.CATALOG_MANAGER)
    _lines(company, desks)
    return desks


def _person(name: str, company: Company) -> User:
    """Somebody with the password of all, which is slow to hash and so taken from a colleague."""
    user = User(
        email=address_of(name, DOMAIN), name=name, organization=company.provider, time_zone=ZONE
    )
    user.password = User.objects.values_list("password", flat=True)[0]
    user.save()
    return user


def _lines(company: Company, desks: Desks) -> None:
    """Managers, offices and cost centers of our own people."""
    offices = [
        Location.objects.create(organization=company.provider, name=name, time_zone=ZONE)
        for name in OFFICES
    ]
    leaders = [User.objects.get(email=address_of(name, DOMAIN)) for name in LEADERS]
    centres = {
        one.pk: CostCentre.objects.create(
            code=f"{4100 + 100 * place}", name=one.name, owner=leaders[place % len(leaders)]
        )
        for place, one in enumerate(company.departments)
    }
    own = User.objects.filter(email__endswith=f"@{DOMAIN}").exclude(pk=desks.top.pk).order_by("pk")
    for place, person in enumerate(own):
        person.location = offices[place % len(offices)]
        person.cost_centre = centres.get(person.organization_id)
        person.manager = desks.top if person in leaders else leaders[place % len(leaders)]
        person.phone = f"+31 20 555 01{place:02}"
        person.save(update_fields=["location", "cost_centre", "manager", "phone"])
