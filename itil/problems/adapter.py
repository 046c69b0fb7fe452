"""What schedules open here: periodical reviews (`itil.schedules.definition.opening`)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from itil.problems import permissions
from itil.schedules.definition import Occasion, Opened, Opener
from itil.tickets.errors import MissingValue
from itil.tickets.lifecycle import Actor
from portal.people.models import User

from .actions import open_problem


class ReviewOpener(Opener):
    """A problem, opened by the owner of the schedule, under which a review is written down."""

    kind = "review"
    label = _("Review")
    explanation = _("A problem of the team, in which something is looked at thoroughly.")
    managed_by = Actor.PROBLEM_MANAGER

    def ensure(self, values: Mapping[str, Any], owner: User) -> None:
        if not permissions.may_create(owner):
            raise MissingValue(
                "team",
                _now("%(name)s cannot open problems. The owner is an agent or a problem manager.")
                % {"name": owner},
            )

    def open(self, values: Mapping[str, Any], occasion: Occasion) -> Opened:
        return Opened(open_problem(by=occasion.owner, at=occasion.at, **values))
