"""The invoice for programs: EN 16931 as CII (what a Factur-X PDF carries) and as UBL 2.1.

`Content` is all that stands on a document; paper and XML are made from it and nothing else.
"""

from .cii import cii_of
from .content import Adjustment, Content, Kind, Line, Party, Payment, Preceding, TaxCurrency
from .metadata import NAME, xmp
from .rules import Checks, Failure, Syntax, validate, warm_up
from .ubl import ubl_of

__all__ = [
    "NAME",
    "Adjustment",
    "Checks",
    "Content",
    "Failure",
    "Kind",
    "Line",
    "Party",
    "Payment",
    "Preceding",
    "Syntax",
    "TaxCurrency",
    "cii_of",
    "ubl_of",
    "validate",
    "warm_up",
    "xmp",
]
