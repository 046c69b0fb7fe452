from .reporting import report
from .requests import comment, confirm, list_requests, rate, reopen, show_request, withdraw
from .searching import search, suggest

__all__ = [
    "comment",
    "confirm",
    "list_requests",
    "rate",
    "reopen",
    "report",
    "search",
    "show_request",
    "suggest",
    "withdraw",
]
