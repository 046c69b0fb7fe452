"""The mails about a ticket: each function writes one kind of mail to the outbox."""

from .approving import (
    send_answer,
    send_decision,
    send_not_counted,
    send_question,
    send_vote_request,
)
from .majors import send_major_role, send_update_due
from .retyping import send_retyped
from .tasks import send_task, send_task_failed, send_task_late, send_task_news
from .telling import (
    send_assignment,
    send_comment,
    send_escalation,
    send_low_rating,
    send_message,
    send_receipt,
    send_reminder,
    send_resolution,
)

__all__ = [
    "send_answer",
    "send_assignment",
    "send_comment",
    "send_decision",
    "send_escalation",
    "send_low_rating",
    "send_major_role",
    "send_message",
    "send_not_counted",
    "send_question",
    "send_receipt",
    "send_reminder",
    "send_resolution",
    "send_retyped",
    "send_task",
    "send_task_failed",
    "send_task_late",
    "send_task_news",
    "send_update_due",
    "send_vote_request",
]
