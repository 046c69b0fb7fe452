"""What a contract says about a ticket, before the work starts: a part of the ticket's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.generic import View

from billing.contracts.matching.covering import coverage_of
from billing.contracts.permissions import may_see_amounts, may_view
from itil.tickets.models import Ticket
from portal.ui.pages import DutyPage

from .listing import today


class CoveragePanel(DutyPage, View):
    """For staff who may read the ticket; amounts for those who may see them."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if not request.user.grants.is_staff:
            raise Http404
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)
        context = {
            "ticket": ticket,
            "coverage": coverage_of(ticket, request.user, today()),
            "sees_contract": may_view(request.user),
            "sees_amounts": may_see_amounts(request.user, ticket),
        }
        return render(request, "billing/contracts/_coverage.html", context)
