"""The estimate of a ticket, for the ticket's page, which has never heard of estimates."""

from django.views.generic import TemplateView

from billing.estimates import permissions
from billing.estimates.lifecycle import State
from billing.estimates.matching import use_of
from billing.estimates.models import Estimate
from itil.tickets.models import Ticket
from portal.ui.pages import DutyPage, RecordMixin


class OfTicket(DutyPage, RecordMixin, TemplateView):
    """Staff read state and hours; amounts only who may see estimates."""

    duties = ("is_staff",)
    model = Ticket
    lookup = "number"
    template_name = "billing/estimates/_of_ticket.html"

    def get_context_data(self, **kwargs):
        ticket, user = self.record, self.request.user
        estimate = (
            Estimate.objects.current().filter(ticket_id=ticket.pk).order_by("-version").first()
        )
        return super().get_context_data(
            ticket=ticket,
            estimate=estimate,
            use=use_of(estimate) if estimate and estimate.state == State.ACCEPTED else None,
            sees_amounts=estimate is not None
            and Estimate.objects.visible_to(user).filter(pk=estimate.pk).exists(),
            may_prepare=permissions.may_prepare(user, ticket),
            **kwargs,
        )
