"""What the reactions have written to the outbox."""

from portal.outbox.models import OutgoingMail
from portal.worker.dispatch import dispatch_events


def dispatched() -> list[OutgoingMail]:
    """The mails that follow from what happened since the last call, oldest first."""
    known = set(OutgoingMail.objects.values_list("pk", flat=True))
    dispatch_events()
    return list(OutgoingMail.objects.exclude(pk__in=known).order_by("pk"))
