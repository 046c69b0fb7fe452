"""Why a verb about items refuses. Each message is a sentence for a person and says what to do."""


class Refused(Exception):
    """A verb was not carried out; nothing was changed."""


class MoveNotAllowed(Refused):
    """The life cycle has no such step from the present status."""


class NotAllowed(Refused):
    """This person may not do this to this item."""


class MissingValue(Refused):
    """A value that the step needs was not given, or does not fit; `field` names it."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


class StaleItem(Refused):
    """Someone else changed the item first."""
