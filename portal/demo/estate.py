"""The estate of the demo company: what its services are made of, and who holds what.

Items are made by the verbs where they have a history worth reading; the many others are written in
bulk, with the events that the verbs would have left.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from itil.calendars.models import BusinessCalendar
from itil.cmdb import actions
from itil.cmdb.actions.changing import plain
from itil.cmdb.actions.editing import EDITABLE
from itil.cmdb.lifecycle import Status
from itil.cmdb.models import (
    ConfigurationItem,
    Criticality,
    Environment,
    ItemClass,
    ItemEvent,
    ItemEventKind,
    Relation,
    RelationType,
)
from itil.desk import actions as desk
from itil.fields.actions import compose
from itil.fields.definition import Definition, Kind, Option, Question, Section
from itil.incidents.models import Incident
from itil.services.models import Service, ServiceOffering
from itil.tickets.models import ItemRole

from .company import Company

# Name, kind of, icon, the usual problems.
CLASSES = (
    ("Hardware", "", "box", ()),
    ("Laptop", "Hardware", "device-laptop", ("Does not start", "Screen", "Battery")),
    ("Telephone", "Hardware", "device-mobile", ("No signal", "Screen", "Battery")),
    ("Printer", "Hardware", "printer", ("Does not print", "Paper jam", "Poor print")),
    ("Server", "Hardware", "server", ()),
    ("Network device", "Hardware", "network", ()),
    ("Cluster", "", "stack-2", ()),
    ("Database", "", "database", ()),
    ("Application", "", "apps", ()),
    ("Room", "", "building", ("Too cold", "Too warm", "Door", "Light")),
)
# Beside those that the stories are told about: name, team, criticality, text.
MORE_SERVICES = (
    ("Telephony", "Network", 2, "Desk and mobile telephones, the switchboard."),
    ("File storage", "Service desk", 2, "Shared folders and their backup."),
    ("Web shop", "Business applications", 1, "Orders of customers, around the clock."),
    ("Warehouse", "Business applications", 1, "Stock, scanners and label printers."),
    ("Video calls", "Network", 3, "Meetings from the desk and from rooms."),
    ("Printing", "Service desk", 3, "Printers on every floor and in the warehouse."),
)
OFFERINGS = {
    "Workplace": ("Standard workplace", "Workplace for developers"),
    "Mail and calendar": ("Personal mailbox", "Shared mailbox"),
    "Network and VPN": ("Office network", "Remote access"),
    "Payroll": ("Monthly run",),
    "Web shop": ("Shop for customers", "Shop for dealers"),
}
# A service, its application, and where that stands.
STACKS = (
    ("Mail and calendar", "Mail gateway", "mail"),
    ("Payroll", "Payroll app", "pay"),
    ("Transport planning", "Route planner", "plan"),
    ("Telephony", "Switchboard", "tel"),
    ("File storage", "File server", "file"),
    ("Web shop", "Shop", "shop"),
    ("Warehouse", "Scanner hub", "wh"),
    ("Video calls", "Video bridge", "video"),
    ("Printing", "Print queue", "print"),
    ("Building", "Door control", "door"),
)
LAPTOPS, TELEPHONES, PRINTERS, ROOMS = 96, 40, 18, 14
RETIRED = 24
TOTAL = 300


def make_estate(company: Company, now: datetime) -> int:
    """Everything; returns the number of items."""
    Estate(company, now).make()
    return ConfigurationItem.objects.count()


class Estate:
    """Collects items and relations, and writes each in one statement."""

    def __init__(self, company: Company, now: datetime):
        self.company = company
        self.now = now
        self.begun = now - timedelta(days=400)
        self.classes: dict[str, ItemClass] = {}
        self.items: dict[str, ConfigurationItem] = {}
        self.relations: list[Relation] = []

    def make(self) -> None:
        self._classes()
        self._services()
        self._infrastructure()
        self._devices()
        self._fill()
        self._write()
        self._tell()

    # --- What there is ---------------------------------------------------------------------------

    def _classes(self) -> None:
        questions = (
            Question(key="memory", kind=Kind.NUMBER, label="Memory in GB"),
            Question(
                key="system",
                kind=Kind.CHOICE,
                label="Operating system",
                options=(Option("linux", "Linux"), Option("windows", "Windows")),
            ),
        )
        form = compose(
            "Fields of servers",
            Definition((Section(key="server", title="Server", questions=questions),)),
            by=None,
            at=self.begun,
        )
        for name, parent, icon, problems in CLASSES:
            self.classes[name] = ItemClass.objects.create(
                name=name,
                slug=slugify(name),
                parent=self.classes.get(parent),
                icon=icon,
                common_problems="\n".join(problems),
                field_set=form.field_set if name == "Server" else None,
            )
        self.server_form = form

    def _services(self) -> None:
        company = self.company
        for name, team, criticality, text in MORE_SERVICES:
            company.services[name] = Service.objects.create(
                name=name, team=company.teams[team], criticality=criticality, description=text
            )
        for name, offered in OFFERINGS.items():
            ServiceOffering.objects.bulk_create(
                ServiceOffering(service=company.services[name], name=one, terms="Office hours.")
                for one in offered
            )
        hours = {calendar.name: calendar for calendar in BusinessCalendar.objects.all()}
        for service in company.services.values():
            service.owner = company.leads.get(service.team.name)
            always = service.criticality == 1
            service.support_hours = hours["Day and night" if always else "Office hours"]
        Service.objects.bulk_update(company.services.values(), ["owner", "support_hours"])

    def _infrastructure(self) -> None:
        """Two core switches in a cluster carry a rack of servers; applications stand on them."""
        core = self._add("core-net", "Cluster", criticality=Criticality.HIGH)
        for number in (1, 2):
            switch = self._add(
                f"core-sw-{number:02}", "Network device", criticality=Criticality.HIGH
            )
            self._relate(switch, RelationType.MEMBER_OF, core)
        self._provide(core, "Network and VPN")
        vpn = self._add("vpn-gw-01", "Network device", criticality=Criticality.MEDIUM)
        self._relate(vpn, RelationType.DEPENDS_ON, core)
        self._provide(vpn, "Network and VPN")
        for number in range(1, 7):
            access = self._add(f"floor-{number}-sw", "Network device")
            self._relate(access, RelationType.DEPENDS_ON, core)
        for service, application, short in STACKS:
            self._stack(core, service, application, short)
        backup = self._add("backup-01", "Server", criticality=Criticality.MEDIUM)
        for short in ("pay", "file", "shop"):
            self._relate(self.items[f"db-{short}-01"], RelationType.BACKED_UP_BY, backup)

    def _stack(self, core: ConfigurationItem, service: str, name: str, short: str) -> None:
        criticality = self.company.services[service].criticality
        application = self._add(name, "Application", criticality=criticality)
        self._provide(application, service)
        cluster = self._add(f"{short}-cluster", "Cluster", criticality=criticality)
        self._relate(application, RelationType.RUNS_ON, cluster)
        for number in (1, 2):
            node = self._add(
                f"app-{short}-{number:02}",
                "Server",
                criticality=criticality,
                environment=Environment.PRODUCTION,
                details={"memory": "32", "system": "linux"},
            )
            self._relate(node, RelationType.MEMBER_OF, cluster)
            self._relate(node, RelationType.DEPENDS_ON, core)
        host = self._add(f"db-host-{short}", "Server", environment=Environment.PRODUCTION)
        database = self._add(f"db-{short}-01", "Database", criticality=criticality)
        self._relate(database, RelationType.HOSTED_ON, host)
        self._relate(host, RelationType.DEPENDS_ON, core)
        self._relate(application, RelationType.DEPENDS_ON, database)
        test = self._add(f"test-{short}-01", "Server", environment=Environment.TEST)
        self._relate(test, RelationType.DEPENDS_ON, core)

    def _devices(self) -> None:
        people = [
            *self.company.employees,
            *(a for team in self.company.agents.values() for a in team),
        ]
        for number in range(LAPTOPS):
            holder = people[number] if number < len(people) else None
            self._add(
                f"Laptop {number + 1:03}",
                "Laptop",
                organization=self._party(holder),
                held_by=holder,
                status=Status.IN_USE if holder else Status.IN_STOCK,
                serial=f"PF{number * 7919 % 100_000:05}",
                asset_tag=f"HAL-{number + 1:05}",
                vendor="Lenova",
                cost=Decimal("1240.00"),
                purchased_on=(self.begun - timedelta(days=number)).date(),
                warranty_until=(self.now + timedelta(days=20 + 9 * number)).date(),
            )
        for number in range(TELEPHONES):
            holder = people[-number - 1] if number < 30 else None
            self._add(
                f"Phone {number + 1:03}",
                "Telephone",
                organization=self._party(holder),
                held_by=holder,
                status=Status.IN_USE if holder else Status.IN_STOCK,
                serial=f"TL{number * 6101 % 100_000:05}",
                cost=Decimal("380.00"),
            )
        floors = [self.items[f"floor-{number}-sw"] for number in range(1, 7)]
        for number in range(PRINTERS):
            printer = self._add(f"Printer {number + 1:02}", "Printer", vendor="Ricola")
            self._relate(printer, RelationType.CONNECTED_TO, floors[number % 6])
            if number < 2:
                self._provide(printer, "Printing")
        for number in range(ROOMS):
            self._add(f"Room {2 + number // 7}.{1 + number % 7:02}", "Room")
        for number in range(3):
            self._provide(self.items[f"Laptop {number + 1:03}"], "Workplace")

    def _fill(self) -> None:
        """Spare servers of the last years, until there are as many as there should be."""
        for number in range(TOTAL - len(self.items)):
            self._add(
                f"old-srv-{number + 1:02}",
                "Server",
                status=Status.IN_USE if number < RETIRED else Status.IN_STOCK,
                environment=Environment.DEVELOPMENT,
            )

    # --- Writing ---------------------------------------------------------------------------------

    def _party(self, person) -> object:
        """Customers' people hold their own things, ours those of the company."""
        provider = self.company.provider
        if person is None or person.organization.parent_id == provider.pk:
            return provider
        return person.organization

    def _add(self, name: str, class_name: str, **columns) -> ConfigurationItem:
        columns.setdefault("organization", self.company.provider)
        columns.setdefault("status", Status.IN_USE)
        item = ConfigurationItem(
            name=name,
            item_class=self.classes[class_name],
            created_at=self.begun,
            updated_at=self.begun,
            details_form=self.server_form if columns.get("details") else None,
            **columns,
        )
        self.items[name] = item
        return item

    def _relate(
        self, source: ConfigurationItem, kind: RelationType, target: ConfigurationItem
    ) -> None:
        self.relations.append(
            Relation(source=source, target=target, type=kind, valid_from=self.begun)
        )

    def _provide(self, item: ConfigurationItem, service: str) -> None:
        self.relations.append(
            Relation(
                source=item,
                service=self.company.services[service],
                type=RelationType.PROVIDES,
                valid_from=self.begun,
            )
        )

    def _write(self) -> None:
        ConfigurationItem.objects.bulk_create(self.items.values(), batch_size=200)
        for relation in self.relations:
            # What is connected is stored from the smaller key.
            if relation.relation_type.is_symmetric and relation.source.pk > relation.target.pk:
                relation.source, relation.target = relation.target, relation.source
            relation.source_id = relation.source.pk
            relation.target_id = relation.target.pk if relation.target else None
        Relation.objects.bulk_create(self.relations, batch_size=200)
        ItemEvent.objects.bulk_create(self._events(), batch_size=200)

    def _events(self) -> Iterable[ItemEvent]:
        for item in self.items.values():
            values = {name: plain(getattr(item, name)) for name in (*EDITABLE, "status", "held_by")}
            changes = {
                name: [None, str(value) if name == "status" else value]
                for name, value in values.items()
                if value not in (None, "")
            }
            yield ItemEvent(
                item=item, kind=ItemEventKind.CREATED, at=self.begun, data={"changes": changes}
            )

    # --- What happened to some of them -----------------------------------------------------------

    def _tell(self) -> None:
        """Old servers were retired, a laptop was lost, one is in repair; some things have labels,
        and the open tickets of two services name what they are about.
        """
        tom = self.company.agents["Service desk"][0]
        for number in range(1, RETIRED + 1):
            item = self.items[f"old-srv-{number:02}"]
            at = self.now - timedelta(days=9 * number)
            if number <= 6:
                actions.relate(
                    item,
                    RelationType.DEPENDS_ON,
                    self.items["core-net"],
                    by=tom,
                    at=at - timedelta(days=30),
                )
            actions.retire(item, by=tom, note="Replaced by the new cluster.", at=at)
        lost, broken = self.items["Laptop 090"], self.items["Laptop 005"]
        actions.move_item(
            lost, "report_lost", by=tom, note="Left on a train.", at=self.now - timedelta(days=30)
        )
        actions.move_item(broken, "send_to_repair", by=tom, at=self.now - timedelta(days=3))
        labelled = [self.items[f"Printer {number:02}"] for number in range(1, 7)]
        actions.label_items(labelled, by=tom, at=self.now - timedelta(days=60))
        for service, name in (
            ("Transport planning", "app-plan-01"),
            ("Mail and calendar", "app-mail-01"),
        ):
            found = Incident.objects.open().filter(
                service=self.company.services[service], is_confidential=False
            )
            for ticket in found.order_by("pk")[:3]:
                desk.attach_item(
                    ticket, self.items[name], by=None, role=ItemRole.AFFECTED, at=self.now
                )
