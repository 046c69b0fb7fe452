from .reporting import report
from .requests import comment, confirm, list_requests, reopen, show_request, withdraw
from .searching import search, suggest

__all__ = [
    "comment",
    "confirm",
    "list_requests",
    "reopen",
    "report",
    "search",
    "show_request",
    "suggest",
    "withdraw",
]
