"""What `itil.timesheets` asks about contracts, which it does not know."""

from collections.abc import Sequence
from datetime import datetime

from itil.timesheets.actions import Approver
from itil.timesheets.models import EntryState, TimeEntry
from portal.people.models import User

from . import actions
from .matching import terms_in_force
from .models import Contract


class ContractApprover(Approver):
    """Contracts say whether time wants an approval; an approval fixes what it costs."""

    def initial_state(self, entry: TimeEntry) -> EntryState:
        """Submitted where the contract wants an approval. One query while none does."""
        if not Contract.objects.active().filter(time_approval=True).exists():
            return EntryState.APPROVED
        ticket = entry.ticket
        terms = terms_in_force([ticket.organization_id])
        contract = terms.contract_for(ticket.organization_id, entry.work_date, ticket.service_id)
        wanted = contract is not None and contract.time_approval
        return EntryState.SUBMITTED if wanted else EntryState.APPROVED

    def booked(self, entries: Sequence[TimeEntry], *, at: datetime) -> None:
        """What was approved by rule is priced at once; without a rate the run tells of it."""
        approved = [entry for entry in entries if entry.state == EntryState.APPROVED]
        if approved:
            actions.price_missing(approved, at=at)

    def approving(self, entries: Sequence[TimeEntry], *, by: User | None, at: datetime) -> None:
        actions.price_approved(entries, at=at)

    def loosened(self, entries: Sequence[TimeEntry], *, at: datetime) -> None:
        actions.drop_prices(entries, at=at)
