"""Why a schedule is not taken."""

from itil.tickets.errors import MissingValue


class WrongRule(MissingValue):
    """The rule cannot be read, comes too often or never; `field` names what to change."""
