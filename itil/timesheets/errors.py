"""Why recording time may be refused."""

from itil.tickets.errors import MissingValue, Refused


class FrozenEntry(Refused):
    """What stands on an issued invoice never changes (`BIL-1`)."""


class NoSuchTime(ValueError):
    """The clock on the wall did not show it that night, or showed it twice; the text says which."""


class Overlap(MissingValue):
    """The person worked on something else at that time; `others` says on what (`BIL-2`).

    Booked all the same once that is confirmed.
    """

    def __init__(self, message: str, others: list[str]):
        super().__init__("overlap_confirmed", message)
        self.others = others
