from .reporting import end_with_answer, read_answer, report
from .requests import comment, confirm, list_requests, rate, reopen, show_request, withdraw
from .scanning import (
    affects_me_too,
    confirm_report,
    my_devices,
    report_by_label,
    report_device,
    report_sent,
)
from .searching import home, search, suggest

__all__ = [
    "affects_me_too",
    "comment",
    "confirm",
    "confirm_report",
    "end_with_answer",
    "home",
    "list_requests",
    "my_devices",
    "rate",
    "read_answer",
    "reopen",
    "report",
    "report_by_label",
    "report_device",
    "report_sent",
    "search",
    "show_request",
    "suggest",
    "withdraw",
]
