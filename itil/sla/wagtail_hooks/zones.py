"""Times on the pages of agreements, in the zone of the person who looks."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone


class InOwnZone:
    """The admin shows times in the zone of its own profile; here it is that of the person.

    The page is made inside, because a response may be rendered after its view has returned.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        zone = ZoneInfo(request.user.time_zone or settings.BUSINESS_TIME_ZONE)
        with timezone.override(zone):
            response = super().dispatch(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response
