"""The people every story is told with."""

from dataclasses import dataclass
from datetime import UTC, datetime

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.services.models import Service
from itil.sla.models import Agreement, Metric, ServiceTarget
from itil.timesheets.models import Activity
from portal.people.models import MailDomain, Membership, Organization, Role, Team, User

# Monday 2 March 2026, 10:00 in Berlin: the desk is open.
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
HOUR = 3600


@dataclass
class Cast:
    """Ann asks, Bo works, Cleo leads, Mia manages, Bea bills, Dov is an outsider."""

    halden: Organization
    acme: Organization
    globex: Organization
    desk_team: Team
    network_team: Team
    ann: User
    bo: User
    ned: User
    cleo: User
    mia: User
    bea: User
    dov: User
    root: User
    calendar: BusinessCalendar
    agreement: Agreement
    mail_service: Service
    activity: Activity


def person(name: str, organization: Organization, **fields) -> User:
    """Someone called `name`, with the address name@<organization>.example."""
    address = f"{name.lower()}@{organization.name.lower()}.example"
    return User.objects.create_user(
        address, name, PASSWORD, organization=organization, time_zone="Europe/Berlin", **fields
    )


def office_hours(name: str = "Office hours") -> BusinessCalendar:
    """Calendar A of the domain: Berlin, Monday to Friday 09:00 to 17:00."""
    calendar = BusinessCalendar.objects.create(name=name, time_zone="Europe/Berlin")
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=calendar, weekday=day, opens=9 * 60, closes=17 * 60)
        for day in range(5)
    )
    return calendar


def default_agreement(calendar: BusinessCalendar) -> Agreement:
    """Acknowledge 1 h, first response 2 h, resolution 4 to 40 h by priority."""
    agreement = Agreement.objects.create(name="Standard", calendar=calendar, is_default=True)
    resolution = {1: 4, 2: 8, 3: 16, 4: 24, 5: 40}
    ServiceTarget.objects.bulk_create(
        ServiceTarget(agreement=agreement, metric=metric, priority=priority, seconds=hours * HOUR)
        for priority, hours_to_resolve in resolution.items()
        for metric, hours in (
            (Metric.ACKNOWLEDGE, 1),
            (Metric.FIRST_RESPONSE, 2),
            (Metric.RESOLUTION, hours_to_resolve),
        )
    )
    return agreement


def assemble() -> Cast:
    """Make them all."""
    halden = Organization.objects.create(name="Halden", kind=Organization.Kind.PROVIDER)
    acme = Organization.objects.create(name="Acme", kind=Organization.Kind.CUSTOMER)
    globex = Organization.objects.create(name="Globex", kind=Organization.Kind.CUSTOMER)
    for organization in (halden, acme, globex):
        MailDomain.objects.create(
            organization=organization, domain=f"{organization.name.lower()}.example"
        )
    desk_team = Team.objects.create(name="Service desk", slug="service-desk")
    network_team = Team.objects.create(name="Network", slug="network")
    bo, ned, cleo = person("Bo", halden), person("Ned", halden), person("Cleo", halden)
    mia, bea = person("Mia", halden), person("Bea", halden)
    Membership.objects.bulk_create(
        [
            Membership(user=bo, role=Role.AGENT, team=desk_team),
            Membership(user=ned, role=Role.AGENT, team=network_team),
            Membership(user=cleo, role=Role.LEAD, team=desk_team),
            Membership(user=mia, role=Role.MANAGER),
            Membership(user=bea, role=Role.BILLING_CLERK),
        ]
    )
    calendar = office_hours()
    return Cast(
        halden=halden,
        acme=acme,
        globex=globex,
        desk_team=desk_team,
        network_team=network_team,
        ann=person("Ann", acme),
        bo=bo,
        ned=ned,
        cleo=cleo,
        mia=mia,
        bea=bea,
        dov=person("Dov", globex),
        root=User.objects.create_superuser(
            "root@halden.example", "Root", PASSWORD, organization=halden
        ),
        calendar=calendar,
        agreement=default_agreement(calendar),
        mail_service=Service.objects.create(name="Mail", team=desk_team),
        activity=Activity.objects.create(name="Analysis"),
    )
