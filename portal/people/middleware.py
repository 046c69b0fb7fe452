"""Shows each person times and words as they chose."""

import zoneinfo

from django.conf import settings
from django.utils import timezone, translation


class PersonalSettingsMiddleware:
    """Activates the time zone and language of the signed-in person for this request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        zone = (user.is_authenticated and user.time_zone) or settings.BUSINESS_TIME_ZONE
        timezone.activate(zoneinfo.ZoneInfo(zone))
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()
