from .reporting import end_with_answer, read_answer, report
from .requests import comment, confirm, list_requests, rate, reopen, show_request, withdraw
from .searching import home, search, suggest

__all__ = [
    "comment",
    "confirm",
    "end_with_answer",
    "home",
    "list_requests",
    "rate",
    "read_answer",
    "reopen",
    "report",
    "search",
    "show_request",
    "suggest",
    "withdraw",
]
