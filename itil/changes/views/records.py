"""How pages find their record, and what actions on a change have in common."""

from typing import Any

from django.http import Http404

from itil.changes.models import Change
from itil.changes.permissions import may_read_plans
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage

DUTIES = ("is_staff",)


class ChangeRecord:
    """The change of the URL among those that the person may see."""

    model = Change
    lookup = "number"
    duties: tuple[str, ...] = DUTIES

    def get_queryset(self) -> Any:
        return Change.objects.visible_to(self.request.user).select_related(
            "assignee", "team", "service", "board", "template", "requester", "organization"
        )


class ChangeAction(ChangeRecord, ActionPage):
    """A verb on the change of the URL. Its forms hold texts: who reads none has none (`c5`)."""

    refusals = (Refused,)
    template_name = "itil/desk/action.html"

    def check(self) -> None:
        if not may_read_plans(self.request.user, self.record):
            raise Http404
        super().check()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"ticket": self.record} | kwargs)
