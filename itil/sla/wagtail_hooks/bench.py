"""The test bench: which agreement does a ticket get, and why no other?"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic import PermissionCheckedMixin, WagtailAdminTemplateMixin

from itil.sla.actions.comparing import Choice, compare
from itil.sla.forms.bench import ImaginedTicketForm, PastTicketForm
from itil.sla.matching import Facts, facts_of
from itil.sla.models import Agreement, Metric, SlaClock
from itil.sla.tables import target_in_words
from itil.tickets.models import Ticket
from portal.ui.moments import moment_text

from .zones import InOwnZone


class BenchView(InOwnZone, PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asked by GET, so that an answer has an address."""

    model = Agreement
    any_permission_required = ("add", "change", "view")
    template_name = "itil/sla/agreement/bench.html"
    page_title = gettext_lazy("Which agreement?")
    header_icon = "help"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("agreements:index"), "label": _("Agreements")},
            {"url": "", "label": self.page_title},
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now = timezone.now()
        past = PastTicketForm(request.GET if "ticket" in request.GET else None, user=request.user)
        ticket = past.found() if past.is_bound else None
        asked = request.GET if "organization" in request.GET and not past.is_bound else None
        imagined = ImaginedTicketForm(asked, ticket=ticket, now=now)
        facts = facts_of(ticket) if ticket else imagined.facts()
        context = self.get_context_data(past=past, imagined=imagined, ticket=ticket)
        if facts is not None:
            context["choices"] = _choices(facts, now)
        if ticket is not None:
            context["had"] = _had(ticket)
        return self.render_to_response(context)


def _choices(facts: Facts, now) -> list[dict[str, Any]]:
    """An account for each kind; of teams and suppliers only where one is named."""
    kinds = [Agreement.Kind.SLA]
    if facts.team is not None:
        kinds.append(Agreement.Kind.OLA)
    if facts.supplier is not None:
        kinds.append(Agreement.Kind.UC)
    return [_account(compare(facts, kind), now) for kind in kinds]


def _account(choice: Choice, now) -> dict[str, Any]:
    return {
        "choice": choice,
        "promises": [_promise(clock, now) for clock in choice.clocks],
    }


def _promise(clock: SlaClock, now) -> dict[str, Any]:
    due = moment_text(clock.due_at, now=now) if clock.due_at else "–"
    return {
        "metric": Metric(clock.metric).label,
        "target": target_in_words(clock.terms),
        "calendar": clock.calendar,
        "due": due,
    }


def _had(ticket: Ticket) -> list[SlaClock]:
    """What the ticket has in fact, of each agreement one clock; it may be of another day."""
    clocks = ticket.clocks.live().select_related("agreement").order_by("agreement", "pk")
    return list({clock.agreement_id: clock for clock in clocks}.values())
