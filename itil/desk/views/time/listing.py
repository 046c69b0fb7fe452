"""The list of entries: one's own, the teams', all; and what is done with the ticked ones."""

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from itil.desk import actions, permissions
from itil.desk.tables.entries import COLUMNS, CSV_ONLY, views_for
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets.filters import EntryFilter
from itil.timesheets.models import Activity, BillingKind, TimeEntry
from portal.ui.pages import DutyPage
from portal.ui.tables import csv_response
from portal.ui.views_of_lists import NamedViewsPage

from .entry import DUTIES

# One step takes at most so many.
MOST_TICKED = 200


class Entries(NamedViewsPage):
    """Entries of one view, narrowed by the filter, the latest first."""

    duties = DUTIES
    template_name = "itil/timesheets/entries.html"
    columns = COLUMNS
    filterset_class = EntryFilter
    csv_name = "time"

    @cached_property
    def views(self):
        return views_for(self.request.user)

    def visible(self):
        return TimeEntry.objects.visible_to(self.request.user)

    def get_rows(self):
        seen = Ticket.objects.visible_to(self.request.user).filter(pk=OuterRef("ticket_id"))
        return (
            super()
            .get_rows()
            .select_related("agent", "activity", "ticket__organization")
            .annotate(is_readable=Exists(seen))
        )

    def told(self, rows):
        """Each row with what this person may read of it."""
        user = self.request.user
        for entry in rows:
            is_own = entry.agent_id == user.pk
            entry.note_shown = entry.note if permissions.may_read_note(user, entry) else ""
            entry.number_shown = entry.ticket.number if entry.is_readable or is_own else ""
            entry.may_tick = entry.is_correctable and (is_own or user.grants.is_lead)
            yield entry

    @cached_property
    def sums(self) -> dict:
        """How many entries of the filter there are, and their minutes."""
        rows = self.filterset.qs.order_by()
        return rows.aggregate(count=Count("pk"), minutes=Sum("minutes"))

    def get_page_count(self):
        return self.sums["count"]

    def get(self, request, *args, **kwargs):
        if request.GET.get("format") == "csv":
            rows = self.told(self.get_rows().iterator(chunk_size=500))
            return csv_response(self.csv_name, self.columns, rows)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = list(self.told(context["rows"]))
        return context | {
            "rows": rows,
            "columns": [column for column in context["columns"] if column.css != CSV_ONLY],
            "minutes": self.sums["minutes"] or 0,
            "view_key": self.view_of_list.key,
            "may_tick": any(entry.may_tick for entry in rows),
            "errors": self.filterset.form.errors,
            "activities": Activity.objects.filter(active=True),
            "billing_kinds": BillingKind.choices,
        }


class Ticked(DutyPage, View):
    """One step with every entry that was ticked; says for each that could not why not."""

    duties = ("is_agent",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        keys = [key for key in request.POST.getlist("entry")[:MOST_TICKED] if key.isdecimal()]
        keys = [key for key in keys if len(key) < 18]
        entries = (
            TimeEntry.objects.visible_to(request.user)
            .filter(pk__in=keys)
            .select_related("ticket", "agent", "activity")
            .order_by("pk")
        )
        done = 0
        refusals: list[str] = []
        for entry in entries:
            try:
                self.step(entry)
                done += 1
            except Refused as refusal:
                refusals.append(f"{entry.ticket.number}: {refusal}")
        for text in dict.fromkeys(refusals):
            messages.error(request, text)
        if not keys:
            messages.warning(request, _("Tick the entries first."))
        elif done:
            text = ngettext("%(count)d entry: done.", "%(count)d entries: done.", done)
            messages.success(request, text % {"count": done})
        back = request.POST.get("back", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if safe else "desk:time_entries")

    def step(self, entry: TimeEntry) -> None:
        """The verb of the button that was pressed. Raises Refused."""
        by, posted = self.request.user, self.request.POST
        match posted.get("step"):
            case "submit":
                actions.submit_time([entry], by=by)
            case "approve":
                actions.approve_time([entry], by=by)
            case "reject":
                actions.reject_time([entry], by=by, reason=posted.get("reason", ""))
            case "change":
                reason = posted.get("reason", "") or _("Changed in the list")
                actions.correct_time(entry, by=by, reason=reason, changes=self.changes())
            case _other:
                raise Refused(_("Choose what to do with the ticked entries."))

    def changes(self) -> dict:
        """The activity and the billing kind that were chosen; at least one of them."""
        found: dict = {}
        key = self.request.POST.get("activity", "")
        if key.isdecimal() and len(key) < 18:
            activity = Activity.objects.filter(active=True, pk=key).first()
            if activity:
                found["activity"] = activity
        kind = self.request.POST.get("billing_kind", "")
        if kind in BillingKind.values:
            found["billing_kind"] = kind
        if not found:
            raise Refused(_("Choose the activity or the billing first."))
        return found
