"""A request that was declined or cancelled takes its open approvals and tasks along."""

from datetime import datetime

from django.db import transaction

from catalog.requests.models import ServiceRequest
from itil.approvals import actions as approvals
from itil.tasks import actions as tasks


@transaction.atomic
def ended(request: ServiceRequest, *, at: datetime) -> None:
    """Cancel the votes and tasks that are still open (domain 2.2); nothing when there are none."""
    approvals.cancel(request, at=at)
    tasks.cancel_all(request, at=at)
