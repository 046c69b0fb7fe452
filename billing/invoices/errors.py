"""Why an invoice refuses."""

from itil.tickets.errors import Refused


class FrozenInvoice(Refused):
    """The content of an issued invoice, its lines and its hours never change (`BIL-11`)."""


class IncompleteInvoice(Refused):
    """Something an invoice must state is missing (`BIL-22`); `missing` lists it in words."""

    def __init__(self, message: str, missing: list[str]):
        super().__init__(message)
        self.missing = missing


class InvalidEInvoice(Refused):
    """The e-invoice breaks rules of EN 16931; `rules` holds their names, such as BR-CO-15."""

    def __init__(self, message: str, rules: list[str]):
        super().__init__(message)
        self.rules = rules


class DamagedDocument(Refused):
    """The stored file is gone or is not the one that was issued."""


class SecondPersonNeeded(Refused):
    """The amount is above what one person may do alone (`VIS-7`)."""


class UnreadableRates(Refused):
    """A file of exchange rates that cannot be read; the message says what is wrong and where."""


class UnreadableStatement(Refused):
    """A bank's file that cannot be read; the message says what is wrong and where."""
