"""Three months of tickets, told with the real verbs at their own times."""

import contextlib
import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from itil.desk import actions as desk
from itil.incidents.actions import open_incident
from itil.tickets.models import Channel, Ticket
from portal.people.models import Organization, User

from .company import ZONE, Company
from .topics import TOPICS, Topic

CHANNELS = (Channel.MAIL, Channel.PORTAL, Channel.PORTAL, Channel.PHONE)
TICKETS_A_DAY = (3, 6)
ZONE_INFO = ZoneInfo(ZONE)


class TooLate(Exception):  # noqa: N818 - the end of a story, not an error
    """The story would go on in the future, or nobody went on: the ticket stays as it stands."""


class Storyteller:
    """Tells the same stories for the same `now`: everything comes from one seeded die."""

    def __init__(self, company: Company, now: datetime):
        self.company = company
        self.now = now
        # Not for secrets: the demo shall be the same each time.
        self.die = random.Random(20260302)  # noqa: S311

    def tell(self, first_day: date) -> int:
        """Tell every working day from `first_day` until now; returns the number of tickets."""
        told = 0
        day, last = first_day, self.now.astimezone(ZONE_INFO).date()
        while day <= last:
            for _count in range(self.die.randint(*TICKETS_A_DAY) if day.weekday() < 5 else 0):
                told += self._ticket(self._moment(day))
            day += timedelta(days=1)
        return told

    def tell_now(self, requester: User, agent: User) -> None:
        """What one employee has open today: something new, a question to answer, a solution."""
        by_title = {topic.title: topic for topic in TOPICS}
        plan = (
            ("Laptop is very slow since the update", timedelta(hours=30)),
            ("Calendar shows meetings one hour late", timedelta(hours=26)),
            ("Printer on the second floor prints blank pages", timedelta(hours=2)),
        )
        waiting, solved, _fresh = (
            self._open(by_title[title], requester, Channel.PORTAL, self.now - age)
            for title, age in plan
        )
        at = self.now - timedelta(hours=25)
        for ticket in (waiting, solved):
            desk.take(ticket, by=agent, at=at)
            at += timedelta(minutes=20)
        topic = by_title[waiting.title]
        question = {"hold_reason": "awaiting_requester", "note": topic.question}
        desk.move(waiting, "hold", by=agent, values=question, at=at)
        topic = by_title[solved.title]
        solution = {"resolution_code": topic.code, "note": topic.resolution}
        desk.move(solved, "resolve", by=agent, values=solution, at=at)

    def _moment(self, day: date) -> datetime:
        """An instant of the working day, most of them in the morning, in UTC."""
        minutes = int(self.die.triangular(7 * 60 + 30, 17 * 60 + 30, 9 * 60 + 45))
        local = datetime.combine(
            day, time(minutes // 60, minutes % 60, self.die.randint(0, 59)), tzinfo=ZONE_INFO
        )
        return local.astimezone(UTC)

    def _later(self, moment: datetime, minutes: float) -> datetime:
        """About `minutes` of working time after `moment`.

        Raises TooLate beyond now, and the sooner the younger the story: what came in lately is
        still being worked on.
        """
        is_young = self.now - moment < timedelta(days=3)
        if self.die.random() < (0.3 if is_young else 0.001):
            raise TooLate
        at = moment + timedelta(minutes=self.die.expovariate(1 / minutes) + 1)
        local = at.astimezone(ZONE_INFO)
        if local.hour >= 18 or local.hour < 8 or local.weekday() > 4:
            day = local.date() + timedelta(days=local.hour >= 18)
            while day.weekday() > 4:
                day += timedelta(days=1)
            at = max(at, self._moment(day))
        if at > self.now:
            raise TooLate
        return at

    def _ticket(self, received: datetime) -> bool:
        if received > self.now:
            return False
        topic = self.die.choice(TOPICS)
        requester = self.die.choice(self.company.employees)
        if topic.service == "Transport planning":
            requester = self._one_of("Orchid Logistics")
        elif topic.service == "Payroll":
            requester = self.die.choice(
                [self._one_of("Halden"), self._one_of("Brightwater Clinics")]
            )
        team = self.company.services[topic.service].team
        agent = self.die.choice(self.company.agents[team.name])
        channel = self.die.choice(CHANNELS)
        ticket = self._open(topic, requester, channel, received, agent)
        with contextlib.suppress(TooLate):
            self._work(ticket, topic, requester, agent, received)
        return True

    def _open(
        self,
        topic: Topic,
        requester: User,
        channel: str,
        received: datetime,
        agent: User | None = None,
    ) -> Ticket:
        """As `requester` would report `topic`; a call is written down by `agent`."""
        return open_incident(
            by=agent if channel == Channel.PHONE else requester,
            title=topic.title,
            text=topic.text,
            requester=requester,
            channel=channel,
            service=self.company.services[topic.service],
            category=self.company.categories[topic.category],
            urgency=topic.urgency,
            at=received,
        )

    def _one_of(self, organization: str) -> User:
        owner = self.company.organizations[organization]
        people = [
            person
            for person in self.company.employees
            if owner in (person.organization, person.organization.parent)
        ]
        return self.die.choice(people)

    def _work(
        self, ticket: Ticket, topic: Topic, requester: User, agent: User, received: datetime
    ) -> None:
        """From the queue to the end, as far as the time allows."""
        pace = {1: 12, 2: 35, 3: 80}[topic.urgency]
        at = self._later(received, pace)
        desk.take(ticket, by=agent, at=at)
        at = self._later(at, pace)
        desk.reply(ticket, by=agent, text=self._greeting(requester, topic), at=at)
        if topic.question and self.die.random() < 0.7:
            at = self._ask(ticket, topic, requester, agent, at)
        if self.die.random() < 0.07:
            at = self._wait(ticket, agent, self._later(at, 60))
        at = self._later(at, 60)
        desk.note(ticket, by=agent, text=topic.note, at=at)
        self._book(ticket, topic, agent, at)
        if self.die.random() < 0.1:
            at, agent = self._escalate(ticket, topic, agent, at)
        at = self._later(at, pace * 6)
        desk.take_over(ticket, by=agent, at=at)
        desk.move(
            ticket,
            "resolve",
            by=agent,
            values={"resolution_code": topic.code, "note": topic.resolution},
            at=at,
        )
        self._end(ticket, topic, requester, agent, at)

    def _greeting(self, requester: User, topic: Topic) -> str:
        return f"Hello {requester.name.split()[0]},\n\n{self.die.choice(topic.replies)}"

    def _ask(self, ticket, topic, requester, agent, at):
        at = self._later(at, 30)
        desk.move(
            ticket,
            "hold",
            by=agent,
            values={"hold_reason": "awaiting_requester", "note": topic.question},
            at=at,
        )
        at = self._later(at, 400)
        desk.comment(ticket, by=requester, text=topic.answer, at=at)
        return at

    def _wait(self, ticket, agent, at):
        """A supplier has to do something; young stories still wait for it. Returns when the work
        went on."""
        desk.move(
            ticket,
            "hold",
            by=agent,
            values={
                "hold_reason": "awaiting_vendor",
                "supplier": self.company.supplier,
                "reference": "Supplier case 4711",
                "note": "The supplier has the logs and calls back.",
            },
            at=at,
        )
        at = self._later(at, 120)
        desk.supplier_answered(ticket, by=agent, at=at)
        at = self._later(at, 480)
        desk.move(ticket, "resume", by=agent, at=at)
        return at

    def _book(self, ticket, topic, agent, at):
        """Most work is booked; customers pay for it, our own people do not."""
        if self.die.random() < 0.15:
            return
        own = ticket.organization.kind != Organization.Kind.CUSTOMER
        desk.log_time(
            ticket,
            by=agent,
            minutes=self.die.randint(*topic.minutes),
            activity=self.company.activities["Internal work" if own else topic.activity],
            work_date=at.astimezone(ZONE_INFO).date(),
            note=topic.note[:120],
            at=at,
        )

    def _escalate(self, ticket, topic, agent, at):
        """Now and then another team has to help."""
        at = self._later(at, 30)
        team = self.die.choice(
            [team for team in self.company.teams.values() if team != ticket.team]
        )
        other = self.die.choice(self.company.agents[team.name])
        desk.hand_over(ticket, team, by=agent, at=at)
        at = self._later(at, 60)
        desk.take(ticket, by=other, at=at)
        return at, other

    def _end(self, ticket, topic, requester, agent, at):
        """Confirmed, disputed once, or closed by itself after a week."""
        roll = self.die.random()
        if roll < 0.06:
            at = self._later(at, 300)
            desk.comment(ticket, by=requester, text="It is back, the same as before.", at=at)
            at = self._later(at, 120)
            desk.take_over(ticket, by=agent, at=at)
            desk.move(
                ticket,
                "resolve",
                by=agent,
                values={"resolution_code": topic.code, "note": topic.resolution},
                at=at,
            )
        if roll > 0.55:
            at = self._later(at, 500)
            desk.move(ticket, "close", by=requester, at=at, channel=Channel.PORTAL)
            return
        at += timedelta(days=7)
        if at <= self.now:
            desk.move(ticket, "close", by=None, at=at, channel=Channel.SYSTEM)
