"""What people of the demo company have ordered: requests at every point of their way."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from catalog.offerings.models import CatalogItem
from catalog.requests import actions
from catalog.requests.models import Draft, ServiceRequest
from catalog.requests.reactions import react
from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.desk import actions as desk
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from portal.people.models import User

from .company import address_of
from .stories import ZONE_INFO

DOMAIN = "halden.example"
STEP = timedelta(hours=3)
WELCOME = timedelta(minutes=20)
LAPTOP = {"model": "light", "reason": "new"}
CREATOR = LAPTOP | {"model": "creator", "extras": ["dock"]}


@dataclass(frozen=True)
class Order:
    """Who ordered what, so many business days ago, and how far it has come."""

    by: str
    item: str
    typed: dict[str, Any]
    days: int
    until: Callable[["Way"], None] = field(default=lambda way: None)


class Way:
    """One request on its way, told step by step."""

    def __init__(self, request: ServiceRequest, at: datetime, now: datetime):
        self.request, self.at, self.now = request, at, now

    def later(self) -> datetime:
        """Some hours on, and never after now."""
        self.at = min(self.at + STEP, self.now)
        return self.at

    def hear(self) -> None:
        """Let follow what the requests follow by."""
        for event in self.request.events.filter(handled_at__isnull=True).order_by("pk"):
            event.handled_at = self.now
            event.save(update_fields=["handled_at"])
            react(event)
        self.request.refresh_from_db()

    def welcome(self) -> None:
        """Somebody of the desk takes it on within the hour, and says so."""
        agent, at = self._agent(), min(self.at + WELCOME, self.now)
        desk.assign(self.request, agent, by=agent, at=at)
        desk.reply(self.request, by=agent, text="Thank you, we have your order.", at=at)

    def vote(self, decision: str = "approved", reason: str = "") -> None:
        """Who is asked at the moment decides."""
        for vote in Vote.objects.waiting().filter(step__process__ticket=self.request.pk):
            approvals.vote(vote, decision, by=vote.voter, at=self.later(), reason=reason)
        self.hear()

    def approve(self) -> None:
        while Vote.objects.waiting().filter(step__process__ticket=self.request.pk).exists():
            self.vote()

    def work(self, *, leave: int = 0) -> None:
        """The tasks are done one after another until so many are left."""
        while Task.objects.of(self.request).live().count() > leave:
            task = self._taken()
            for line in range(len(task.checklist)):
                tasks.tick(task, line, done=True, by=task.assignee, at=self.at)
            tasks.finish(
                task, by=task.assignee, at=self.later(), evidence="Noted in the stock list"
            )
        self.hear()

    def fail(self, note: str) -> None:
        task = self._taken()
        tasks.fail(task, by=task.assignee, at=self.later(), note=note)
        self.hear()

    def ask(self, question: str) -> None:
        values = {"hold_reason": "awaiting_requester", "note": question}
        desk.move(self.request, "hold", by=self._agent(), values=values, at=self.later())

    def move(self, verb: str, reason: str = "") -> None:
        """A step of the requester."""
        values = {"reason": reason} if reason else {}
        by = self.request.requester
        desk.move(self.request, verb, by=by, values=values, at=self.later(), channel="portal")

    def _taken(self) -> Task:
        task = Task.objects.of(self.request).filter(status="open").first()
        member = task.team.memberships.order_by("pk").first().user
        return tasks.start(tasks.take(task, by=member, at=self.later()), by=member, at=self.at)

    def _agent(self) -> User:
        return self.request.team.memberships.order_by("pk").first().user


def _budget(way: Way) -> None:
    way.vote()


def _declined(way: Way) -> None:
    way.vote("rejected", "We have a license for the whole team that you can use.")


def _working(way: Way) -> None:
    way.approve()
    way.work(leave=2)


def _question(way: Way) -> None:
    way.approve()
    way.ask("Is there a free socket at that desk, or do we bring an extension?")


def _failed(way: Way) -> None:
    way.approve()
    way.fail("This phone is out of stock for two weeks.")


def _delivered(way: Way) -> None:
    way.approve()
    way.work()


def _closed(way: Way) -> None:
    _delivered(way)
    way.move("close")


def _disputed(way: Way) -> None:
    _delivered(way)
    way.move("reopen", "The door still does not open with it.")


def _withdrawn(way: Way) -> None:
    way.move("withdraw", "A colleague lends me one.")


ACCESS = {"system": "Spring catalogue", "rights": "edit", "why": "I write the texts."}
ORDERS = (
    Order("Maria Ortega", "New laptop", CREATOR, 4, _working),
    Order("Maria Ortega", "Headset", {"details": "For calls in the open office."}, 12, _closed),
    Order("Maria Ortega", "VPN access", ACCESS | {"system": "Files at the office"}, 2, _delivered),
    Order("", "New laptop", LAPTOP, 1),
    Order("", "New laptop", LAPTOP | {"model": "station"}, 2, _budget),
    Order("", "Software license", {"program": "design", "why": "For the catalogue."}, 5, _declined),
    Order("", "Software license", {"program": "diagrams", "why": "Plans of the halls."}, 0),
    Order("", "Monitor", {"size": "m27", "room": "2.14"}, 3, _question),
    Order("", "Mobile phone", {"plan": "europe", "number": "new"}, 6, _failed),
    Order("", "Monitor", {"size": "m24", "room": "3.02"}, 15, _closed),
    Order("", "Mailing list", ACCESS | {"system": "Team outing"}, 1),
    Order("", "Shared folder access", ACCESS, 2),
    Order("", "Mobile phone", {"plan": "home", "number": "new"}, 8, _withdrawn),
    Order("", "Keyboard and mouse", {"details": "For left-handers, please."}, 9, _disputed),
    Order("", "Statement of employment", {"details": "For a landlord."}, 7, _closed),
    Order("", "Charger or cable", {"details": "Mine is broken."}, 1, _delivered),
)  # fmt: skip
# What is answered for somebody who begins soon, beside what the bundle answers itself.
STARTER = {
    "Account for a colleague": {"groups": ["design"]},
    "Contract and payroll": {"hours": "36"},
    "New laptop": {"extras": ["monitor", "bag"], "monitor_room": "2.20"},
    "Desk or chair": {"room": "2.20"},
}


def tell_orders(now: datetime) -> int:
    """Order it all up to `now` and let it go its way; returns how many requests there are."""
    people = [
        person
        for person in User.objects.filter(
            email__endswith=f"@{DOMAIN}", memberships__isnull=True, manager__isnull=False
        ).order_by("pk")
        if person.name != "Maria Ortega" and not person.reports_of.exists()
    ]
    maria = User.objects.get(email=address_of("Maria Ortega", DOMAIN))
    for place, order in enumerate(ORDERS):
        person = maria if order.by else people[place % len(people)]
        at = business_days_before(now, order.days)
        request = actions.submit(draft_of(person, order.item, order.typed, at=at), by=person, at=at)
        way = Way(request, at, now)
        way.welcome()
        order.until(way)
    _starter(now)
    draft_of(maria, "Monitor", {"size": "m27"}, at=now - timedelta(hours=20))
    return ServiceRequest.objects.count()


def _starter(now: datetime) -> None:
    """Anna orders all that a new colleague needs: seven requests at four departments. The phone is
    declined, the contract should have been there by now, the badge lies ready.
    """
    anna = User.objects.get(email=address_of("Anna Lind", DOMAIN))
    at = business_days_before(now, 8)
    item = CatalogItem.objects.visible_to(anna).get(title="New colleague")
    first_day = business_days_before(now, -4).date()
    common = {
        "name": "Noa Winter",
        "starts_on": first_day.isoformat(),
        "manager": anna.email,
        "where": str(anna.location_id),
    }
    parts = {
        part.key: {"on": part.is_ticked_first, "typed": _typed_for(part, common, anna)}
        for part in actions.assemble(item, by=anna)
    }
    draft = actions.save_draft(
        uuid.uuid4(),
        by=anna,
        item=item,
        form_version=item.form.current,
        typed=common,
        parts=parts,
        at=at,
    )
    bundle = actions.submit_bundle(draft, by=anna, at=at)
    ways = {request.item_title: Way(request, at, now) for request in bundle.requests.order_by("pk")}
    for way in ways.values():
        way.welcome()
    ways["Mobile phone"].vote("rejected", "Designers use their own telephone and get an allowance.")
    ways["New laptop"].approve()
    ways["New laptop"].work(leave=2)
    ways["Account for a colleague"].work()
    ways["Badge"].work()


def _typed_for(part: actions.Part, common: dict[str, Any], person: User) -> dict[str, Any]:
    return actions.typed_for(part, {}, common, person) | STARTER.get(part.item.title, {})


def draft_of(person: User, title: str, typed: dict[str, Any], *, at: datetime) -> Draft:
    """What `person` typed into the form of an item."""
    item = CatalogItem.objects.visible_to(person).get(title=title)
    version = item.form.current
    asked = version.questions.questions
    typed = typed | ({"pick_up": str(person.location_id)} if "pick_up" in asked else {})
    return actions.save_draft(
        uuid.uuid4(), by=person, item=item, form_version=version, typed=typed, at=at
    )


def business_days_before(now: datetime, days: int) -> datetime:
    """The morning of so many weekdays before `now`, after it when they are negative; for none two
    hours ago.
    """
    if not days:
        return now - timedelta(hours=2)
    day = timezone.localtime(now, ZONE_INFO).date()
    step = 1 if days > 0 else -1
    while days:
        day -= timedelta(days=step)
        days -= step * (day.weekday() < 5)
    return datetime.combine(day, time(9, 30), tzinfo=ZONE_INFO)
