from .files import Hours, Pdf
from .listing import InvoiceList
from .month import ThisMonth
from .record import Detail, Issue, Line, Progress
from .running import Run
from .runs import CancelRun, IssueRun, RunDetail, RunProgress, Runs

__all__ = [
    "CancelRun",
    "Detail",
    "Hours",
    "InvoiceList",
    "Issue",
    "IssueRun",
    "Line",
    "Pdf",
    "Progress",
    "Run",
    "RunDetail",
    "RunProgress",
    "Runs",
    "ThisMonth",
]
