"""What every page of the portal shows of a person: what waits, and whether there are boards."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from .models import home_of
from .querysets import read_standing

NAMES = ("approvals_waiting", "board_votes_waiting", "sits_on_board")


def waiting(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """`approvals_waiting`, the number of decisions that are asked of this person now, with
    `board_votes_waiting`, those for a board among them; `sits_on_board`.

    Nothing is read unless a template asks; then it comes with the home page, which most pages
    show a line of. A page that knows them gives its own.
    """
    user = getattr(request, "user", None)

    @cache
    def standing() -> dict[str, Any]:
        if user is None or not user.is_authenticated:
            return {}
        home = home_of(request)
        if hasattr(home, NAMES[0]):
            return {name: getattr(home, name) for name in NAMES}
        return read_standing(user, timezone.now())

    def find(name: str) -> int:
        return int(standing().get(name, 0))

    return {name: partial(find, name) for name in NAMES}
