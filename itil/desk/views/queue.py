"""The ticket list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from itil.desk import actions
from itil.desk.filters import TicketFilter
from itil.desk.tables import ORDERINGS, VIEWS, due_group, rows
from itil.tickets.errors import Refused
from itil.tickets.models import Ticket
from portal.ui.pages import Chip, DutyPage, ListPage
from portal.ui.tables import Column
from portal.ui.views_of_lists import NamedViewsPage

# Who sees the list at all; which rows is the queryset's business.
DUTIES = ("is_agent", "sees_all_tickets", "is_billing_clerk")

# Can be sorted by and stands in the file, but the page has no room for it.
CSV_ONLY = "csv-only"

COLUMNS = (
    Column("number", gettext_lazy("Number"), sort="number", css="c-num"),
    Column("title", gettext_lazy("Subject"), css="c-subject"),
    Column("requester", gettext_lazy("Requester"), value="requester.name", css="c-person"),
    Column("assignee", gettext_lazy("Assignee"), value="assignee.name", css="c-assignee"),
    Column(
        "priority",
        gettext_lazy("Priority"),
        sort="priority",
        css="c-priority",
        value=lambda ticket: ticket.get_priority_display(),
    ),
    Column("status", gettext_lazy("Status"), value="status_label", css="c-status"),
    Column("due", gettext_lazy("Due"), sort="due_at", value="due_at", css="c-due"),
    Column(
        "received",
        gettext_lazy("Received"),
        sort="received_at",
        value="received_at",
        css=CSV_ONLY,
    ),
    Column(
        "updated", gettext_lazy("Updated"), sort="updated_at", value="updated_at", css="r c-ago"
    ),
)


class Queue(NamedViewsPage):
    """Tickets of one view, narrowed by the filter, the soonest due first."""

    duties = DUTIES
    template_name = "itil/desk/queue.html"
    views = VIEWS
    columns = COLUMNS
    filterset_class = TicketFilter
    csv_name = "tickets"
    kept_parameters = ("view", "sort", "q")

    def default_view(self):
        """Links of the reports and searches look at all tickets unless they name a view."""
        return "all" if self.request.GET.get("q") else "open"

    def visible(self):
        return Ticket.objects.visible_to(self.request.user)

    def get_rows(self):
        found = super().get_rows()
        return rows(found.order_by(*ORDERINGS[self.sort]))

    def chips(self):
        return tuple(
            Chip(chip["label"], chip["value"], f"?{chip['without']}")
            for chip in self.filterset.chips()
        )

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = list(context["rows"])
        if self.sort == "due":
            previous = None
            for ticket in shown:
                group = due_group(ticket, self.now)
                ticket.heading = group if group != previous else ""
                previous = group
        return context | {
            "rows": shown,
            "columns": [column for column in context["columns"] if column.css != CSV_ONLY],
            "words": self.request.GET.get("q", ""),
            # The panel reads teams and people from the database: only when it is opened.
            "filter_form": None,
            "errors": self.filterset.form.errors,
            "query": self.request.GET.urlencode(),
        }


class FilterPanel(ListPage):
    """All filters as a form; opened from the list."""

    duties = DUTIES
    template_name = "itil/desk/filter.html"
    filterset_class = TicketFilter

    def get_queryset(self):
        return Ticket.objects.none()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = self.filterset.form
        # Where no ticket is asked for more, there is nothing to choose.
        fields = [
            form[name]
            for name in TicketFilter.PANEL
            if name != "further" or list(form.fields[name].choices)
        ]
        kept = [
            (name, value)
            for name, value in self.request.GET.items()
            if name not in TicketFilter.PANEL and name != "page"
        ]
        return context | {"fields": fields, "kept": kept}


class TakeSelected(DutyPage, View):
    """Take every ticket that was ticked; says for each one that could not be taken why not."""

    duties = ("is_agent",)
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        numbers = [
            number for number in request.POST.getlist("number")[:100] if number.isprintable()
        ]
        tickets = Ticket.objects.visible_to(request.user).filter(number__in=numbers).order_by("pk")
        taken = 0
        for ticket in tickets:
            try:
                actions.take(ticket, by=request.user)
                taken += 1
            except Refused as refusal:
                messages.error(request, str(refusal))
        if not numbers:
            messages.warning(request, _("Tick the tickets first."))
        elif taken:
            text = ngettext("You took %(count)d ticket.", "You took %(count)d tickets.", taken)
            messages.success(request, text % {"count": taken})
        back = request.POST.get("back", "")
        safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
        return redirect(back if safe else "desk:queue")
