"""Requesters are reminded of a question that their order waits for."""

from datetime import datetime

from django.conf import settings

from catalog.requests.models import ServiceRequest
from itil.desk.actions.reminding import remind
from itil.desk.clock import at_least, unanswered


def remind_unanswered(now: datetime) -> int:
    """Remind those who have not answered for some business days; returns how many.

    An order is not given up for want of an answer: somebody of the desk decides what becomes of
    it (domain 2.2 knows no other way).
    """
    before = now - at_least(min(settings.NO_ANSWER_REMINDER_BUSINESS_DAYS))
    return remind(unanswered(ServiceRequest.objects.all(), before), now, ends=lambda _wait: None)
