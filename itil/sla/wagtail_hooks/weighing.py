"""What a check of an agreement shows: due times, the effect, and what does not add up."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from itil.sla.actions.adding_up import excesses
from itil.sla.actions.foreseeing import LOOKED_AT, Example, Foresight, Outlook, examples, foresee
from itil.sla.actions.previewing import Effect
from itil.sla.actions.versions import definition_of
from itil.sla.clock.wording import exactly, zone_name
from itil.sla.models import Agreement, ClockState, Metric, Outcome, SlaClock
from itil.sla.tables import TargetTable, target_table
from itil.tickets.models import Ticket
from portal.people.models import User
from portal.ui.moments import moment_text

# The most tickets and complaints that are listed; the counts are of all.
SHOWN = 50
COMPLAINTS_SHOWN = 20


@dataclass(frozen=True)
class Moved:
    """One clock of a listed ticket, before and after, in words."""

    metric: str
    before: str
    after: str
    breaches: bool


@dataclass(frozen=True)
class Listed:
    """One ticket of the list with the clocks that would move."""

    ticket: Ticket
    moved: tuple[Moved, ...]
    # "Standard → Gold", or empty when it keeps its agreement.
    agreements: str


class Weighing:
    """An agreement with the values as they were typed, weighed for `user` at `now`."""

    looked_at = LOOKED_AT

    def __init__(self, agreement: Agreement, user: User, now: datetime):
        self.agreement, self.user, self.now = agreement, user, now

    @cached_property
    def definition(self):
        return definition_of(self.agreement)

    @cached_property
    def seal(self) -> str:
        """Names these very values: what was agreed to holds for no others."""
        text = json.dumps(self.definition, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    # --- Examples ---------------------------------------------------------------------------

    @cached_property
    def table(self) -> TargetTable:
        due = {(one.metric, one.level): self._due(one) for one in self._examples}
        return target_table(self.definition, due)

    @cached_property
    def _examples(self) -> list[Example]:
        return examples(self.agreement, at=self.now)

    @cached_property
    def _needs_zones(self) -> bool:
        """True when some calendar is in another zone than the viewer."""
        here = timezone.get_current_timezone()
        return any(
            one.due_at.astimezone(ZoneInfo(one.zone)).utcoffset()
            != one.due_at.astimezone(here).utcoffset()
            for one in self._examples
            if one.due_at
        )

    def _due(self, example: Example) -> tuple[str, ...]:
        """In the zone of the calendar, and in that of the viewer where it is another one."""
        if example.due_at is None:
            return ()
        if not self._needs_zones:
            return (moment_text(example.due_at, now=self.now),)
        zones = dict.fromkeys([ZoneInfo(example.zone), timezone.get_current_timezone()])
        return tuple(self._in_zone(example.due_at, zone) for zone in zones)

    def _in_zone(self, at: datetime, zone) -> str:
        with timezone.override(zone):
            text = moment_text(at, now=self.now)
        return f"{text} {zone_name(str(zone))}"

    @property
    def begins(self) -> str:
        """The moment of the examples, in the viewer's zone."""
        return self._in_zone(self.now, timezone.get_current_timezone())

    # --- Complaints -------------------------------------------------------------------------

    @cached_property
    def _excesses(self) -> list[str]:
        return [str(excess) for excess in excesses(self.agreement, at=self.now)]

    @property
    def complaints(self) -> list[str]:
        """Where promises do not add up (`SLA-8`)."""
        return self._excesses[:COMPLAINTS_SHOWN]

    @property
    def more_complaints(self) -> int:
        return max(0, len(self._excesses) - COMPLAINTS_SHOWN)

    # --- Effect -----------------------------------------------------------------------------

    @cached_property
    def foresight(self) -> Foresight:
        return foresee(self.agreement, at=self.now)

    @cached_property
    def _may_see(self) -> set[int]:
        """Of all tickets concerned those that the viewer may open (`VIS-3`)."""
        outlooks = (*self.foresight.at_once, *self.foresight.later)
        pks = [outlook.ticket.pk for outlook in outlooks]
        tickets = Ticket.objects.visible_to(self.user)
        return set(tickets.filter(pk__in=pks).values_list("pk", flat=True))

    @cached_property
    def at_once(self) -> list[Listed]:
        """The first tickets whose clocks would move, those that would be missed on top."""
        return self._listed(self.foresight.at_once)

    @cached_property
    def later(self) -> list[Listed]:
        return self._listed(self.foresight.later)

    def _listed(self, outlooks: tuple[Outlook, ...]) -> list[Listed]:
        seen = [outlook for outlook in outlooks if outlook.ticket.pk in self._may_see]
        seen.sort(key=lambda outlook: not outlook.breaches)
        return [self._line(outlook) for outlook in seen[:SHOWN]]

    @property
    def unlisted(self) -> int:
        return len(self.foresight.at_once) - len(self.at_once)

    @property
    def unlisted_later(self) -> int:
        return len(self.foresight.later) - len(self.later)

    def _line(self, outlook: Outlook) -> Listed:
        agreements = ""
        if outlook.changes_agreement:
            agreements = f"{outlook.former or _('none')} → {outlook.chosen or _('none')}"
        moved = tuple(self._moved(effect) for effect in outlook.effects)
        return Listed(outlook.ticket, moved, agreements)

    def _moved(self, effect: Effect) -> Moved:
        return Moved(
            metric=str(Metric(effect.clock.metric).label),
            before=self._side(effect.before),
            after=self._side(effect.after) if effect.after else _("no target any more"),
            breaches=effect.breaches,
        )

    def _side(self, clock: SlaClock | None) -> str:
        """When a clock is due; of one that stands still, its whole target."""
        if clock is None:
            return _("no target")
        if clock.due_at is not None:
            return moment_text(clock.due_at, now=self.now)
        time = exactly(clock.target_seconds)
        if clock.outcome == Outcome.BREACHED:
            return _("missed")
        if clock.state == ClockState.PAUSED:
            return _("paused, of %(time)s") % {"time": time}
        return _("not begun, %(time)s") % {"time": time}
