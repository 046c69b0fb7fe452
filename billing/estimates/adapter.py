"""What apps below ask about estimates, which they do not know."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from billing.contracts.adapter import ContractApprover
from billing.contracts.matching import Cap, terms_in_force
from billing.contracts.matching.terms import FixedPrices
from itil.timesheets.models import EntryState, TimeEntry

from . import actions
from .models import Estimate, Kind, LineKind


class EstimateApprover(ContractApprover):
    """As contracts say; and work that a customer has not agreed to yet waits (`BIL-8`)."""

    def initial_state(self, entry: TimeEntry) -> EntryState:
        """A draft while the customer has an estimate to answer, unless the contract allows work
        before that.
        """
        if actions.waits_for_answer(entry.ticket_id) and not self._may_begin(entry):
            return EntryState.DRAFT
        return super().initial_state(entry)

    def booked(self, entries: Sequence[TimeEntry], *, at: datetime) -> None:
        super().booked(actions.keep_within_cap(entries, at=at), at=at)

    def _may_begin(self, entry: TimeEntry) -> bool:
        ticket = entry.ticket
        terms = terms_in_force([ticket.organization_id])
        contract = terms.contract_for(ticket.organization_id, entry.work_date, ticket.service_id)
        return contract is not None and contract.work_before_acceptance


class AcceptedPrices(FixedPrices):
    """Tickets whose customer has accepted a fixed price, or a cap."""

    def of(self, tickets: Collection[int]) -> Mapping[int, str]:
        """One query."""
        accepted = Estimate.objects.accepted().filter(ticket_id__in=tickets, kind=Kind.FIXED)
        return {
            estimate.ticket_id: _("estimate %(number)s, a fixed price") % {"number": estimate}
            for estimate in accepted
        }

    def caps(self, tickets: Collection[int]) -> Mapping[int, Cap]:
        """Its hours and what these come to; the things beside them are charges. One query."""
        hours = Sum("lines__net", filter=Q(lines__kind=LineKind.HOURS), default=Decimal(0))
        rows = Estimate.objects.accepted().filter(
            ticket_id__in=tickets, kind=Kind.CAP, minutes__gt=0
        )
        return {
            ticket: Cap(minutes, net, currency)
            for ticket, minutes, net, currency in rows.annotate(hours_net=hours).values_list(
                "ticket_id", "minutes", "hours_net", "currency"
            )
        }
