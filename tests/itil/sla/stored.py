"""Tickets in the database: their verbs, told briefly, and what their clocks say."""

from datetime import timedelta

from itil.desk import actions as desk
from itil.sla.models import METRICS_OF, Agreement, Metric, ServiceTarget, SlaClock
from itil.tickets.models import Channel, EventKind, Ticket
from tests import make
from tests.cast import HOUR, Cast

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ONE_HOUR = timedelta(hours=1)
# Impact and urgency that give a priority (`PRI-1`).
LEVELS = {1: (1, 1), 2: (1, 2), 3: (2, 2), 4: (3, 2), 5: (3, 3)}


def promise(agreement: Agreement, **hours) -> None:
    """Let `agreement` promise only this: `resolution=8`, or `resolution={1: 4, 3: 16}`."""
    agreement.targets.all().delete()
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=agreement, metric=metric, priority=priority, seconds=int(number * HOUR)
        )
        for metric, numbers in hours.items()
        for priority, number in (
            numbers if isinstance(numbers, dict) else dict.fromkeys(range(1, 6), numbers)
        ).items()
    )


def agree(cast: Cast, name: str, *, kind=Agreement.Kind.SLA, promises=None, **fields) -> Agreement:
    """Another agreement, by default with a resolution in 8 hours."""
    made = Agreement.objects.create(
        **{"name": name, "kind": kind, "calendar": cast.calendar} | fields
    )
    promise(made, **(promises or {METRICS_OF[kind][-1]: 8, "resolution": 8}))
    return made


def opened(cast: Cast, at, *, priority=3, **changes):
    """Ann's incident of this priority, received at `at`."""
    impact, urgency = LEVELS[priority]
    return make.incident(cast, at=at, impact=impact, urgency=urgency, **changes)


class Verbs:
    """The verbs of the desk on one ticket, as Bo and the others use them."""

    def __init__(self, cast: Cast, ticket: Ticket):
        self.cast, self.ticket = cast, ticket

    def take(self, at):
        desk.take(self.ticket, by=self.cast.bo, at=at)

    def hold(self, at, reason="awaiting_requester", **values):
        told = {"note": "Which mailbox is it?", "reference": "4711", "resume_at": at + ONE_HOUR}
        by = self.cast.cleo if reason == "force_majeure" else self.cast.bo
        values = told | {"hold_reason": reason} | values
        desk.move(self.ticket, "hold", by=by, values=values, at=at)

    def resume(self, at):
        desk.move(self.ticket, "resume", by=self.cast.bo, at=at)

    def reply(self, at):
        desk.reply(self.ticket, by=self.cast.bo, text="We look into it.", at=at)

    def note(self, at):
        desk.note(self.ticket, by=self.cast.bo, text="The queue is stuck.", at=at)

    def comment(self, at, **more):
        desk.comment(self.ticket, by=self.cast.ann, text="Any news?", at=at, **more)

    def mail(self, at, **more):
        """Ann's mail, which the mail server had at `at`."""
        self.comment(at, channel=Channel.MAIL, **more)

    def prioritize(self, at, priority):
        desk.override_priority(
            self.ticket, priority, by=self.cast.cleo, reason="By telephone.", at=at
        )

    def edit(self, at, **changes):
        version = Ticket.objects.get(pk=self.ticket.pk).version
        desk.edit(self.ticket, by=self.cast.bo, version=version, changes=changes, at=at)

    def hand_over(self, at, team):
        by = self.cast.ned if self.ticket.team == self.cast.network_team else self.cast.bo
        desk.hand_over(self.ticket, team, by=by, at=at)

    def resolve(self, at):
        values = {"resolution_code": "fixed", "note": "The queue runs again."}
        desk.move(self.ticket, "resolve", by=self.cast.bo, values=values, at=at)

    def reopen(self, at):
        values = {"reason": "It is stuck again."}
        desk.move(self.ticket, "reopen", by=self.cast.bo, values=values, at=at)

    def close(self, at):
        desk.move(self.ticket, "close", by=self.cast.ann, at=at)

    def cancel(self, at, reason="not_a_fault", **values):
        values = {"cancel_reason": reason} | values
        desk.move(self.ticket, "cancel", by=self.cast.bo, values=values, at=at)


def play(cast: Cast, ticket: Ticket, *happenings) -> None:
    """Each happening is (when, verb, further arguments of the verb); a dict names them."""
    verbs = Verbs(cast, ticket)
    for when, verb, *rest in happenings:
        named = rest.pop() if rest and isinstance(rest[-1], dict) else {}
        getattr(verbs, verb)(when, *rest, **named)


def clock_of(ticket, metric=Metric.RESOLUTION, **which) -> SlaClock:
    """The last clock of `metric`, as stored."""
    return SlaClock.objects.filter(ticket=ticket, metric=metric, **which).latest("pk")


def columns(ticket) -> tuple:
    """When the ticket is due next and at risk, and whether any promise was missed."""
    return Ticket.objects.values_list("due_at", "at_risk_at", "is_breached").get(pk=ticket.pk)


def told(ticket) -> list[tuple[str, str]]:
    """What the history says about clocks."""
    events = ticket.events.filter(kind=EventKind.CLOCK).order_by("pk")
    return [(event.data.get("metric", ""), event.data["what"]) for event in events]
