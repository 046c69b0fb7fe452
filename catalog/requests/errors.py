"""The refusals of orders, beside those of tickets."""

from itil.tickets.errors import Refused


class PartRefused(Refused):
    """A bundle was not sent because of one line; `part` is its key."""

    def __init__(self, part: str, message: str):
        super().__init__(message)
        self.part = part
