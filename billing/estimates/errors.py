"""What estimates refuse beside the refusals of all records."""

from itil.tickets.errors import Refused


class FrozenEstimate(Refused):
    """What was sent to a customer is never changed; a new version is."""
