"""What every page of the portal shows of a person: how many decisions wait, beside the word."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from itil.approvals.models import Vote

from .models import home_of


def waiting(request: HttpRequest) -> dict[str, Any]:
    """`approvals_waiting`, the number of decisions that are asked of this person now.

    Nothing is read unless a template asks; then it comes with the home page, which most pages
    show a line of. A page that knows the number gives its own.
    """
    user = getattr(request, "user", None)

    @cache
    def count() -> int:
        if user is None or not user.is_authenticated:
            return 0
        known = getattr(home_of(request), "approvals_waiting", None)
        return int(Vote.objects.asked_of(user, timezone.now()).count() if known is None else known)

    return {"approvals_waiting": count}
