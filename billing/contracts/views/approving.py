"""Time that waits for approval: leads decide, managers where no lead can; clerks see what is
missing.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import View

from billing.contracts import actions
from billing.contracts.amounts import price_of
from billing.contracts.filters import WAITING, TimeFilter
from billing.contracts.matching import NoRate, explain, price, terms_in_force, worked
from billing.contracts.models.prices import unit_price
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from itil.timesheets import actions as timesheets
from itil.timesheets.models import TimeEntry
from itil.timesheets.permissions import decides_time
from portal.ui.pages import DutyPage, ListPage, Tab
from portal.ui.tables import Column

from .listing import READERS


def number_for_file(entry: TimeEntry) -> str:
    """The ticket's number, but not of a confidential one: a file is read by others too."""
    return "" if entry.ticket.is_confidential else entry.ticket.number


class TimeList(ListPage):
    """What is submitted for this person to decide, with coverage and rate as they would be frozen;
    clerks and managers see all that is not approved yet as well.
    """

    duties = READERS
    template_name = "billing/contracts/time.html"
    filterset_class = TimeFilter
    csv_name = "unapproved-time"
    default_sort = "date"
    page_size = 50
    columns = (
        Column("date", _("Date"), sort="work_date", value="work_date"),
        Column("person", _("Person"), sort="agent__name", value="agent.name"),
        Column("ticket", _("Ticket"), sort="ticket__number", value=number_for_file),
        Column(
            "customer",
            _("Customer"),
            sort="ticket__organization__name",
            value="ticket.organization.name",
        ),
        Column("activity", _("Activity"), value="activity.name"),
        Column("minutes", _("Minutes"), sort="minutes", css="r"),
        Column("state", _("State"), sort="state", value="get_state_display"),
    )

    @cached_property
    def views(self):
        """The parts of this list for this person: their keys, names and rows."""
        user, grants = self.request.user, self.request.user.grants
        found = {}
        if decides_time(user):
            found["mine"] = (_("For you to decide"), TimeEntry.objects.decided_by(user).submitted())
        if grants.is_billing_clerk or grants.is_manager:
            waiting = TimeEntry.objects.visible_to(user).filter(state__in=WAITING)
            found["all"] = (_("All that is not approved"), waiting)
        return found

    @cached_property
    def view_key(self):
        asked = self.request.GET.get("view", "")
        return asked if asked in self.views else next(iter(self.views))

    @property
    def sees_all(self):
        return self.view_key == "all"

    def tabs(self):
        if len(self.views) == 1:
            return ()
        return tuple(
            Tab(label, self._url(view=key), key == self.view_key, rows.count(), key == "mine")
            for key, (label, rows) in self.views.items()
        )

    def get_queryset(self):
        _label, rows = self.views[self.view_key]
        return rows.select_related("ticket__organization", "activity", "agent")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        entries = list(context["rows"])
        decides = set()
        if decides_time(self.request.user):
            mine = TimeEntry.objects.decided_by(self.request.user).submitted()
            decides = set(
                mine.filter(pk__in=[one.pk for one in entries]).values_list("pk", flat=True)
            )
        shown = [entry.ticket_id for entry in entries]
        readable = Ticket.objects.visible_to(self.request.user).filter(pk__in=shown)
        return context | {
            "rows": self._rows(entries, decides),
            "decides": bool(decides),
            "sees_all": self.sees_all,
            # Time on confidential tickets is decided without reading them (`VIS-3`).
            "readable": set(readable.values_list("pk", flat=True)),
        }

    def _rows(self, entries, decides):
        """Each entry with what its approval would fix. A constant number of queries."""
        if not entries:
            return []
        terms = terms_in_force({entry.ticket.organization_id for entry in entries})
        rows = []
        for entry, work in zip(entries, worked(entries), strict=True):
            found = price(work, terms)
            row = {"entry": entry, "may_decide": entry.pk in decides}
            if isinstance(found, NoRate):
                row["problem"] = found.sentence(terms)
            else:
                row |= {"priced": found, "explanation": explain(found, terms)}
                if found.rate:
                    row["amount"] = sum(
                        price_of(
                            part.minutes,
                            unit_price(found.rate.hourly_rate, part.multiplier),
                            found.currency,
                        )
                        for part in found.segments
                    )
            rows.append(row)
        return rows


class DecideTime(DutyPage, View):
    """Approve or reject what was ticked, all or none."""

    duties = ("is_lead", "is_manager")
    http_method_names = ("post",)

    def post(self, request):
        keys = [key for key in request.POST.getlist("entry") if key.isascii() and key.isdigit()]
        found = TimeEntry.objects.decided_by(request.user)
        entries = list(found.submitted().filter(pk__in=keys[:500]))
        if not entries:
            messages.error(request, _now("Tick the time that you want to decide about."))
        else:
            self._decide(request, entries)
        return HttpResponseRedirect(self._back(request), status=303)

    def _decide(self, request, entries):
        now = timezone.now()
        try:
            if request.POST.get("decision") == "reject":
                reason = request.POST.get("reason", "")
                done = timesheets.reject(entries, by=request.user, reason=reason, at=now)
                text = ngettext("%(count)d rejected.", "%(count)d rejected.", len(done))
            else:
                done = actions.approve_time(entries, by=request.user, at=now)
                text = ngettext("%(count)d approved.", "%(count)d approved.", len(done))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, text % {"count": len(done)})

    def _back(self, request):
        asked = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
            return asked
        return reverse("contracts:time")
