"""What schedules open here: checks (`itil.schedules.definition.opening`)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.desk.actions.items import attach_item
from itil.schedules.definition import Occasion, Opened, Opener
from itil.tickets.errors import MissingValue
from itil.tickets.models import Channel
from portal.people.models import User

from .actions import open_incident


class CheckOpener(Opener):
    """An incident that the system opens in a team's queue, for the owner of the schedule."""

    kind = "check"
    label = _("Check")
    explanation = _("An incident in a team's queue: something is to be looked at or done.")

    def ensure(self, values: Mapping[str, Any], owner: User) -> None:
        if owner.organization is None:
            raise MissingValue(
                "team",
                _now("%(name)s belongs to no organization yet. Choose one for this person first.")
                % {"name": owner},
            )

    def open(self, values: Mapping[str, Any], occasion: Occasion) -> Opened:
        given = dict(values)
        items = given.pop("items")
        incident = open_incident(
            by=None,
            requester=occasion.owner,
            channel=Channel.SYSTEM,
            is_automatic=True,
            at=occasion.at,
            **given,
        )
        for item in items:
            attach_item(incident, item, by=None, at=occasion.at)
        return Opened(incident)
