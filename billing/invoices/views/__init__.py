from .files import Hours, Pdf
from .listing import InvoiceList
from .month import ThisMonth
from .record import Detail, Issue, Line, Progress
from .running import Run

__all__ = ["Detail", "Hours", "InvoiceList", "Issue", "Line", "Pdf", "Progress", "Run", "ThisMonth"]
