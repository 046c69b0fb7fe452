"""What schedules open here: standard changes (`itil.schedules.definition.opening`)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.calendars.hours import at_wall
from itil.changes import permissions
from itil.schedules.definition import Occasion, Opened, Opener
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Actor
from portal.people.models import User

from .actions import move, open_standard
from .models import Change


class StandardOpener(Opener):
    """A standard change of an approved template, in the name of the owner, with its window so
    many days later. It is scheduled at once; when something stands against that it stays a draft,
    and the log says what.
    """

    kind = "standard-change"
    label = _("Standard change")
    explanation = _("A change from an approved template, planned some days ahead.")
    managed_by = Actor.CHANGE_MANAGER

    def team_of(self, values: Mapping[str, Any]) -> Any:
        return values["template"].team

    def ensure(self, values: Mapping[str, Any], owner: User) -> None:
        if not permissions.may_open(owner):
            raise MissingValue(
                "template",
                _now("%(name)s cannot open changes. The owner is an agent or a change manager.")
                % {"name": owner},
            )

    def open(self, values: Mapping[str, Any], occasion: Occasion) -> Opened:
        zone = ZoneInfo(occasion.zone)
        day = occasion.planned_at.astimezone(zone).date() + timedelta(days=values["lead_days"])
        start = at_wall(zone, datetime.combine(day, values["starts_at"]))
        if start <= occasion.at:
            raise Refused(
                _now("Its window would have begun %(moment)s already. Open it by hand if needed.")
                % {"moment": f"{start.astimezone(zone):%Y-%m-%d %H:%M}"}
            )
        change = open_standard(
            values["template"],
            by=occasion.owner,
            title=values["title"],
            service=values["service"],
            planned_start=start,
            planned_end=start + timedelta(minutes=values["minutes"]),
            items=values["items"],
            at=occasion.at,
        )
        return Opened(change, _booked(change, occasion))


def _booked(change: Change, occasion: Occasion) -> str:
    """Schedule it; what stands against that, in words, when it stays a draft."""
    try:
        with transaction.atomic():
            move(change, "book", by=occasion.owner, at=occasion.at)
    except Refused as refusal:
        return _now("It is a draft still: %(why)s") % {"why": refusal}
    return ""
