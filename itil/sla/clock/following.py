"""All clocks of a ticket: what each of its events does to them (`SLA-2`, `SLA-17` to `SLA-22`)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from itil.sla.models import (
    METRICS_OF,
    Agreement,
    ClockState,
    Exclusion,
    Metric,
    Outcome,
    SlaClock,
)
from itil.sla.terms import Promise, Terms
from itil.tickets.lifecycle import Mark, Phase
from itil.tickets.models import Channel, EventKind, Ticket

from . import running
from .group import RUNNING_OR_PAUSED, UC_METRICS, Group
from .retargeting import drop, retarget, start_earlier
from .running import promise_of
from .standing import Event, Standing, answers, changes_type, takes_up, without_undone

# Measured from the receipt of the ticket on.
FROM_RECEIPT = frozenset({Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE, Metric.RESOLUTION})
# These wait for their occasion and may run more than once.
REPEATING = frozenset({Metric.NEXT_RESPONSE, Metric.UPDATE})
# Reopening the ticket makes these go on; an answer once given stays given (`SLA-19`).
REOPENED = frozenset({Metric.RESOLUTION, Metric.FULFILMENT})
# What clocks are told that puts other terms or hours in place of theirs.
_CHOICES = frozenset({"terms", "measured", "recounted"})

History = Callable[[], Iterable[Event]]


class Watch(Group):
    """The clocks of one ticket. `follow` changes them; nothing is saved.

    `history` gives the earlier events when a metric is promised only later (`SLA-22`). `instead`
    are terms that count in place of those that the events tell of; `from_receipt` are metrics.
    """

    def __init__(
        self,
        ticket: Ticket,
        clocks: list[SlaClock],
        standing: Standing,
        history: History,
        instead: list[Terms] | None = None,
        from_receipt: frozenset[Metric] = FROM_RECEIPT,
    ):
        super().__init__(ticket, clocks, standing)
        self.history = history
        self.from_receipt = from_receipt
        self.instead = instead
        # Clocks whose target was changed or ended by the last event, with what they had before.
        self.moved: list[tuple[SlaClock, str, datetime | None, int]] = []

    def follow(self, event: Event) -> None:
        """Let the clocks do what `event` asks of them; `standing` is that after the event."""
        self.moved = []
        handle = {
            EventKind.OPENED: self._opened,
            EventKind.MOVED: self._moved,
            EventKind.ASSIGNED: self._assigned,
            EventKind.REPLIED: self._replied,
            EventKind.COMMENTED: self._commented,
            EventKind.EDITED: self._edited,
            EventKind.SUPPLIER: self._supplier_answered,
            EventKind.CLOCK: self._told,
        }.get(EventKind(event.kind))
        if handle is not None:
            handle(event)

    def _terms(self, event: Event, kind: str) -> list[Terms]:
        """What an agreement of this kind promises at `event`."""
        if self.instead is None:
            return [terms for terms in _terms_of(event) if terms.kind == kind]
        return [
            terms
            for terms in self.instead
            if terms.kind == kind and terms.team in (None, self.standing.team)
        ]

    # --- events ---------------------------------------------------------------------------------

    def _opened(self, event: Event) -> None:
        for kind in (Agreement.Kind.SLA, Agreement.Kind.OLA):
            for terms in self._terms(event, kind):
                self._promise(terms, event.data, event.at)

    def _promise(self, terms: Terms, data: Mapping[str, Any], at: datetime) -> None:
        """New clocks for everything that `terms` promise."""
        for metric in METRICS_OF[Agreement.Kind(terms.kind)]:
            if metric not in terms.targets:
                continue
            if metric == Metric.FIRST_RESPONSE and data.get("channel") == Channel.SYSTEM:
                # Nobody asked, so there is nobody to answer (`SLA-2`).
                continue
            clock = running.make(self.ticket, terms, metric)
            self._add(clock, at)
            if metric in self.from_receipt or metric == Metric.OLA_RESOLUTION:
                self._run(clock, at)
        if terms.kind == Agreement.Kind.SLA and data.get("live"):
            # The requester is on the line: answered as it is received.
            self._stop(at, Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE)
            self._begin(Metric.UPDATE, at)

    def _moved(self, event: Event) -> None:
        at, data = event.at, event.data
        mark = data.get("marks") or ""
        if takes_up(event):
            self._take_up(at)
        if answers(event):
            self._answer(at)
        if mark == Mark.CANCELLED:
            merged = Exclusion.MERGED if data.get("merged_into") else Exclusion.CANCELLED
            for clock in self.clocks:
                running.cancel(clock, at, merged)
        elif mark == Mark.RESOLVED:
            for clock in self.clocks:
                running.stop(clock, at)
        elif mark == Mark.REOPENED:
            self._reopen(at)
            if "terms" in data and self.instead is None:
                # What changed while it was resolved moved no clock then.
                self._choose_again(event)
            if data.get("side") == "requester" and data.get("said") == "public":
                # The reason is a message that waits for an answer (`SLA-19`).
                self._begin(Metric.NEXT_RESPONSE, at)
        elif mark == Mark.APPROVED:
            for clock in self._of(Metric.FULFILMENT):
                self._run(clock, at) if clock.started_at is None else running.resume(clock, at)
        self._hand_to_supplier(event)
        if mark not in (Mark.CANCELLED, Mark.RESOLVED):
            self._follow_wait(at)

    def _hand_to_supplier(self, event: Event) -> None:
        """A handover starts the supplier's clocks; going on with the work ends them (`SLA-2`)."""
        if self.standing.phase != Phase.WAITING:
            self._stop(event.at, *UC_METRICS)
            return
        for terms in self._terms(event, Agreement.Kind.UC):
            for metric in METRICS_OF[Agreement.Kind.UC]:
                if metric not in terms.targets:
                    continue
                last = self._last(metric)
                clock = running.make(
                    self.ticket, terms, metric, cycle=last.cycle + 1 if last else 1
                )
                self._add(clock, event.at)
                running.start(clock, event.at)

    def _reopen(self, at: datetime) -> None:
        for clock in self._of(*REOPENED):
            policy = promise_of(clock).reopen
            if policy == Agreement.ReopenPolicy.RESTART:
                if clock is self._last(clock.metric):
                    self._begin(clock.metric, at)
            else:
                running.reopen(clock, at, count_gap=policy == Agreement.ReopenPolicy.COUNT_GAP)
        for clock in self._of(Metric.OLA_RESOLUTION):
            if clock.team_id == self.standing.team:
                running.reopen(clock, at)
        self._begin(Metric.UPDATE, at)

    def _assigned(self, event: Event) -> None:
        if takes_up(event):
            self._take_up(event.at)
        if event.data.get("what") == "team":
            self._change_team(event)

    def _change_team(self, event: Event) -> None:
        """The stay with one team ends, that with the next begins or goes on (`SLA-20`)."""
        terms = self._terms(event, Agreement.Kind.OLA)
        known = False
        for clock in self._of(Metric.OLA_RESOLUTION):
            if clock.team_id != event.data["to"]:
                running.stop(clock, event.at)
                continue
            known = True
            running.reopen(clock, event.at)
            if terms:
                retarget(clock, terms[0], event.at)
            if self._is_paused(clock):
                running.pause(clock, event.at)
        if not known:
            for one in terms:
                self._promise(one, {}, event.at)

    def _take_up(self, at: datetime) -> None:
        self._stop(at, Metric.ACKNOWLEDGE)
        self._begin_first(Metric.UPDATE, at)

    def _replied(self, event: Event) -> None:
        self._answer(event.at)

    def _answer(self, at: datetime) -> None:
        """A person of the desk wrote in public: the reply is given and the next update is due."""
        self._stop(
            at, Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.UPDATE
        )
        if self.standing.phase != Phase.DONE:
            self._begin(Metric.UPDATE, at)

    def _commented(self, event: Event) -> None:
        """The requester's first message since the answer starts the next response (`SLA-2`)."""
        data = event.data
        if self.standing.answered and data.get("by_requester") and not data.get("automatic"):
            self._begin(Metric.NEXT_RESPONSE, event.at)

    def _supplier_answered(self, event: Event) -> None:
        self._stop(event.at, Metric.UC_RESPONSE)

    def _edited(self, event: Event) -> None:
        if changes_type(event):
            self._begin_anew(event)
        if "terms" in event.data and self.instead is None:
            self._choose_again(event)

    def _begin_anew(self, event: Event) -> None:
        """Another type: no supplier is waited for, and former approvals are none (`VOC-1`)."""
        self._stop(event.at, *UC_METRICS)
        if self.instead is not None:
            only = [one.only(frozenset({Metric.FULFILMENT})) for one in self.instead]
            kept = [clock for clock in self.clocks if clock.metric != Metric.FULFILMENT]
            self.clocks = kept + self._late(only, event)
            self._follow_wait(event.at)

    def _choose_again(self, event: Event) -> None:
        """Other terms for the same ticket: re-target, drop, begin late (`SLA-17`, `18`, `22`)."""
        chosen = _terms_of(event)
        promised = {
            (metric, terms.team): terms
            for terms in chosen
            if terms.kind != Agreement.Kind.UC
            for metric in terms.targets
        }
        for clock in list(self.clocks):
            if clock.metric in UC_METRICS or clock.state == ClockState.CANCELLED:
                continue
            due_at, target = clock.due_at, clock.target_seconds
            terms = promised.get((clock.metric, clock.team_id))
            elsewhere = clock.team_id is not None and clock.team_id != self.standing.team
            what = ""
            if terms is not None:
                self._recall_waits(clock, terms, event.at)
                what = "retargeted" if retarget(clock, terms, event.at) else ""
            elif not elsewhere and drop(clock, event.at):
                what = "dropped"
            if what and clock.started_at is not None:
                self.moved.append((clock, what, due_at, target))
        self._renew(promised, event.at)
        self._begin_late(chosen, event)
        # Another agreement may see the present wait differently.
        self._follow_wait(event.at)

    def _recall_waits(self, clock: SlaClock, terms: Terms, at: datetime) -> None:
        """A date becomes a duration: waits count as if it had been one all along (`SLA-17`)."""
        if running.is_pausable(clock) or clock.metric in running.UNPAUSABLE or not clock.is_live:
            return
        running.notice(clock, at)
        if clock.outcome == Outcome.BREACHED or clock.started_at is None:
            return
        only = terms.only(frozenset({clock.metric}))
        for other in replay(self.ticket, self.history(), instead=[only]).clocks:
            if _name(other) == _name(clock) and other.state in RUNNING_OR_PAUSED:
                clock.intervals, clock.state = other.intervals, other.state

    def _renew(self, promised: Mapping[tuple[str, int | None], Terms], at: datetime) -> None:
        """The next run of a metric that repeats goes by the new terms."""
        for metric in REPEATING:
            last, terms = self._last(metric), promised.get((metric, None))
            if last is None or terms is None or last.state != ClockState.STOPPED:
                continue
            if last.terms != Promise.of(terms, metric).as_data():
                self._add(running.make(self.ticket, terms, metric, cycle=last.cycle + 1), at)

    def _begin_late(self, chosen: list[Terms], event: Event) -> None:
        """What is promised only now is measured from the receipt, by all that happened since."""
        known = {(clock.metric, clock.team_id) for clock in self._of(*Metric.values)}
        missing = [
            terms.only(
                frozenset(metric for metric in terms.targets if (metric, terms.team) not in known)
            )
            for terms in chosen
            if terms.kind != Agreement.Kind.UC
        ]
        missing = [terms for terms in missing if terms.targets]
        if missing:
            for clock in self._late(missing, event):
                self._add(clock, event.at)

    def _late(self, missing: list[Terms], event: Event) -> list[SlaClock]:
        """The clocks of `missing` as if promised all along. What becomes a request waits for its
        approval, unless the event `begins` the fulfilment: from the receipt on (`SLA-22`).
        """
        begins = changes_type(event) and bool(event.data.get("begins"))
        from_receipt = FROM_RECEIPT | {Metric.FULFILMENT} if begins else FROM_RECEIPT
        past = replay(self.ticket, self.history(), instead=missing, from_receipt=from_receipt)
        if changes_type(event) and not begins:
            for clock in past._of(Metric.FULFILMENT):
                running.put_back(clock)
        return past.clocks

    def _told(self, event: Event) -> None:
        """What the clocks themselves were told: most lines of the history are only an account."""
        data, at = event.data, event.at
        match data.get("what"):
            case "terms":
                self._choose_again(event)
            case "recounted":
                self._count_by(data, at)
            case "excluded":
                for clock in self.clocks:
                    if data.get("clock") in (None, _name(clock)):
                        running.exclude(clock, at, data["reason"])
            case "absorbed":
                self._absorb(data, at)
            case "measured":
                self._measured(data)

    def _count_by(self, data: Mapping[str, Any], at: datetime) -> None:
        """A calendar was edited: what still runs is counted by its new version (`SLA-18`)."""
        for clock in self.clocks:
            if clock.calendar_id != data["calendar"] or not clock.is_live:
                continue
            running.notice(clock, at)
            running.put_calendar(clock, data["calendar"], data["version"], data["edition"])
            running.recount(clock)

    def _absorb(self, data: Mapping[str, Any], at: datetime) -> None:
        """The absorbed ticket was received earlier, or answered (`SLA-21`)."""
        received_at = datetime.fromisoformat(data["received_at"])
        for clock in self._of(*FROM_RECEIPT):
            running.notice(clock, at)
            start_earlier(clock, received_at, at)
        if data.get("answered_at"):
            answered_at = datetime.fromisoformat(data["answered_at"])
            self._stop(answered_at, Metric.ACKNOWLEDGE, Metric.FIRST_RESPONSE)
            self._begin_first(Metric.UPDATE, max(answered_at, self.standing.received_at))

    def _measured(self, data: Mapping[str, Any]) -> None:
        """An imported history: the steps as its importer read them."""
        terms = Terms.from_data(data["terms"])
        self._promise(terms, {}, self.standing.received_at)
        steps: dict[str, Callable[[SlaClock, datetime], bool]] = {
            "pause": running.pause,
            "resume": running.resume,
            "resolve": running.stop,
        }
        for when, what in data["steps"]:
            at = datetime.fromisoformat(when)
            if what == "acknowledge":
                self._stop(at, Metric.ACKNOWLEDGE)
                continue
            for clock in self.clocks:
                steps[what](clock, at)


def _name(clock: SlaClock) -> list[Any]:
    """Names one clock of a ticket in an event."""
    return [clock.metric, clock.team_id, clock.cycle]


def _terms_of(event: Event) -> list[Terms]:
    return [Terms.from_data(data) for data in event.data.get("terms", ())]


def replay(
    ticket: Ticket,
    events: Iterable[Event],
    *,
    instead: list[Terms] | None = None,
    from_receipt: frozenset[Metric] = FROM_RECEIPT,
) -> Watch:
    """The clocks of `ticket` as its events, in the order they were written, left them; unsaved.

    `instead` asks what would have come about under these terms from the receipt on; choices that
    the events tell of are left out then.
    """
    past: list[Event] = []
    standing = Standing(received_at=ticket.received_at)
    watch = Watch(ticket, [], standing, lambda: past, instead, from_receipt)
    for event in without_undone(events):
        watch.standing.after(event)
        if instead is None or not _chooses(event):
            watch.follow(event)
        past.append(event)
    return watch


def _chooses(event: Event) -> bool:
    if event.kind == EventKind.EDITED:
        return not changes_type(event)
    return event.data.get("what") in _CHOICES
