"""What every page of ours needs around its content."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from . import navigation


class Frame:
    """The frame of one page. Costs nothing until a template asks, then one query at most."""

    def __init__(self, request: HttpRequest):
        self._request = request
        user = getattr(request, "user", None)
        self.user = user if user is not None and user.is_authenticated else None

    @property
    def site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME

    @property
    def help_address(self) -> str:
        """Where people may write instead."""
        return settings.REPLY_ADDRESS

    @property
    def theme(self) -> str:
        """ "light" or "dark" when the person chose; empty when the device decides."""
        chosen = self.user.theme if self.user else ""
        return chosen if chosen in {"light", "dark"} else ""

    @cached_property
    def staff_groups(self) -> tuple[navigation.Group, ...]:
        return navigation.staff_groups(self.user.grants, self._request) if self.user else ()

    @cached_property
    def employee_links(self) -> tuple[navigation.Link, ...]:
        if not self.user:
            return ()
        return navigation.links(navigation.EMPLOYEE, self.user.grants, self._request)

    @cached_property
    def desk_url(self) -> str:
        """Where the desk begins for this person; empty for who has no duty there."""
        return self.staff_groups[0].links[0].url if self.staff_groups else ""


def page_frame(request: HttpRequest) -> dict[str, Frame]:
    """`frame` for templates/base.html and the two frames that extend it."""
    return {"frame": Frame(request)}
