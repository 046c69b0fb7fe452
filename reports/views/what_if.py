"""What the service levels would have been: the form, before and after, who changes sides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from itil.sla.models import Metric, Outcome
from itil.tickets.models import Priority, Ticket
from portal.people.models import Team, User
from portal.ui.paging import CappedPaginator
from portal.ui.tables import Column, csv_response
from reports.actions.answers import NEVER_OPEN, Answer, Side
from reports.actions.snapshots import WHAT_IF, snapshot_of
from reports.charts import comparing, targets
from reports.charts.promised import level_name
from reports.filters.what_if import DAYS, METRICS, WhatIfForm, target_name, what_if_form
from reports.models import ReportSnapshot
from reports.permissions import may_try_what_if

from .places import ReportPage, places, today
from .snapshots import is_waiting, refreshed

# Tickets of a file that are looked up at once.
BATCH = 500
DIRECTIONS = {
    "better": gettext_lazy("Kept instead of missed"),
    "worse": gettext_lazy("Missed instead of kept"),
}
# The parts of the page that ask again while the answer is being computed.
POLLING = ("result", "targets")


@dataclass(frozen=True)
class Row:
    """A promise that changes sides, in words. `number` is empty when the viewer may not see it."""

    number: str
    title: str
    measure: str
    priority: str
    team: str
    before: str
    after: str
    due_before: datetime | None
    due_after: datetime | None
    ended_at: datetime | None


COLUMNS = (
    Column("number", gettext_lazy("Number")),
    Column("title", gettext_lazy("Subject")),
    Column("measure", gettext_lazy("Measure")),
    Column("priority", gettext_lazy("Priority")),
    Column("team", gettext_lazy("Team")),
    Column("before", gettext_lazy("Was")),
    Column("after", gettext_lazy("Would be")),
    Column("due_before", gettext_lazy("Due")),
    Column("due_after", gettext_lazy("Would be due")),
    Column("ended_at", gettext_lazy("Done")),
)


class WhatIfPage(ReportPage, TemplateView):
    """Shows what a worker has answered; until then the parts that wait for it ask again."""

    template_name = "reports/what_if.html"
    may_see = staticmethod(may_try_what_if)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = timezone.now()
        form = what_if_form(request.GET, today=today(now))
        snapshot = _asked(form, now=now) if form.is_valid() else None
        if snapshot is not None and request.GET.get("format") == "csv":
            return self._file(form, snapshot)
        waits = snapshot is not None and is_waiting(snapshot)
        if waits and request.htmx.trigger in POLLING:
            return HttpResponse(status=204)
        found = None if snapshot is None or waits else _answer(form, snapshot)
        context = self.get_context_data(form=form, is_waiting=waits, **kwargs)
        context |= self._form(form, found)
        if found is not None:
            context |= self._figures(form, found)
        return self.render_to_response(context, status=422 if form.errors else 200)

    def _file(self, form: WhatIfForm, snapshot: ReportSnapshot) -> HttpResponseBase:
        """The list behind the page that was shown, though it be some minutes old."""
        found = _answer(form, snapshot) if snapshot.is_ready else None
        if found is None:
            return redirect(f"{self.request.path}?{_query(self.request, 'format')}")
        return csv_response("what-if", COLUMNS, _all_rows(found.sides, self.request.user))

    def _form(self, form: WhatIfForm, found: Answer | None) -> dict[str, Any]:
        fields = {
            (str(metric), int(priority)): form[target_name(metric, priority)]
            for metric in METRICS
            for priority in Priority
        }
        return {
            "tabs": places(self.request),
            "filters": [
                form[name]
                for name in ("from", "to", "team", "organization", "agreement", "priority")
            ],
            "days": [form[name] for name in DAYS],
            "priorities": Priority.labels,
            "targets": targets.rows(fields, found.usual if found else None),
        }

    def _figures(self, form: WhatIfForm, found: Answer) -> dict[str, Any]:
        teams = _teams()
        side = self.request.GET.get("side", "")
        shown = getattr(found.sides, side) if side in DIRECTIONS else found.sides
        page = CappedPaginator(shown).get_page(self.request.GET.get("page"))
        return {
            "taken_at": found.taken_at,
            "clocks": found.clocks,
            "left_as_they_are": found.left_as_they_are,
            "sentence": comparing.sentence(found.by_metric, tried=form.question().tries_anything),
            "tiles": [
                comparing.line(str(Metric(metric).label), one)
                for metric, one in found.by_metric.items()
            ],
            "by_priority": comparing.groups(found.by_priority, level_name),
            "by_team": comparing.groups(
                found.by_team, lambda team: teams.get(team, _("No team")), by_name=True
            ),
            "side": side,
            "sides": [("", _("All")), *DIRECTIONS.items()],
            "page": page,
            "rows": _rows(page.object_list, self.request.user, teams),
            "csv_url": f"?{_query(self.request, 'page', format='csv')}",
        }


def _asked(form: WhatIfForm, *, now: datetime) -> ReportSnapshot:
    """Where the answer to what a valid form asks is, or will be."""
    return refreshed(snapshot_of(WHAT_IF, form.question().as_filters(), now=now), now=now)


def _answer(form: WhatIfForm, snapshot: ReportSnapshot) -> Answer | None:
    """The stored answer; None, and an error in the form, when there is none."""
    if snapshot.data == NEVER_OPEN:
        form.add_error("calendar", _("By these hours some of the promises are never due."))
        return None
    return Answer.stored(snapshot.data, snapshot.listed)


def _query(request: HttpRequest, left_out: str, **more: str) -> str:
    """The query string of the page without one parameter and with others."""
    query = request.GET.copy()
    query.pop(left_out, None)
    query.update(more)
    return query.urlencode()


def _teams() -> dict[int, str]:
    return dict(Team.objects.values_list("pk", "name"))


def _rows(sides: list[Side], viewer: User, teams: dict[int, str]) -> list[Row]:
    """In words, the tickets as far as `viewer` may see them. One query."""
    known = Ticket.objects.visible_to(viewer).filter(pk__in={side.ticket for side in sides})
    names = {
        pk: (number, title) for pk, number, title in known.values_list("pk", "number", "title")
    }
    return [
        Row(
            *names.get(side.ticket, ("", "")),
            measure=str(Metric(side.metric).label),
            priority=level_name(side.priority),
            team=teams.get(side.team, _("No team")),
            before=str(Outcome(side.before).label),
            after=str(Outcome(side.after).label),
            due_before=side.due_before,
            due_after=side.due_after,
            ended_at=side.ended_at,
        )
        for side in sides
    ]


def _all_rows(sides: Iterable[Side], viewer: User) -> Iterator[Row]:
    teams, left = _teams(), iter(sides)
    while batch := list(islice(left, BATCH)):
        yield from _rows(batch, viewer, teams)
