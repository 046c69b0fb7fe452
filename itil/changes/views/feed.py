"""The change calendar in other calendars: a personal address, and what it reads."""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from itil.changes.actions.feeds import read_feed, renew_feed, revoke_feed
from itil.changes.documents.calendar import calendar_file
from itil.changes.forms.calendar import CalendarForm
from itil.changes.hours import occurrences
from itil.changes.models import CalendarFeed, Change, FreezeWindow
from portal.ui.pages import DutyPage

BEFORE, AHEAD = timedelta(days=30), timedelta(days=180)
# More than so many events no calendar reads in reasonable time.
MOST = 2000


class FeedPage(DutyPage, TemplateView):
    """Get, renew and revoke the own address; it is shown once, right after it was made."""

    duties = ("is_staff",)
    template_name = "itil/changes/feed.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feed = CalendarFeed.objects.filter(user=self.request.user).first()
        return super().get_context_data(feed=feed, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "revoke":
            if revoke_feed(request.user):
                messages.success(request, _("Revoked. The address shows nothing any more."))
            return HttpResponseRedirect(reverse("changes:feed"), status=303)
        token = renew_feed(request.user, at=timezone.now())
        path = reverse("changes:feed_file", args=[token])
        response = self.render_to_response(
            self.get_context_data(address=request.build_absolute_uri(path))
        )
        # The address is a secret; no cache keeps the page that shows it.
        response["Cache-Control"] = "no-store"
        return response


@require_safe
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """What the owner of this address may see, as a calendar file; 404 for any other address."""
    now = timezone.now()
    user = read_feed(token, at=now)
    if user is None:
        raise Http404
    # By the day, so that the same calendar is the same file until something changes.
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start, end = today - BEFORE, today + AHEAD
    found = CalendarForm(request.GET).narrow(
        Change.objects.visible_to(user).overlapping(start, end).order_by("planned_start", "pk")
    )
    freezes = list(FreezeWindow.objects.visible_to(user).in_play(start, end))
    columns = ("pk", "version", "conflict_status", "service__name", "assignee__name")
    parts = [user.language, settings.SITE_URL, str(start), *found.values_list(*columns)[:MOST]]
    parts += [(window.pk, window.version) for window in freezes]
    etag = f'"{hashlib.sha256(repr(parts).encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            content = calendar_file(
                found.select_related("service", "assignee")[:MOST],
                [(one, occurrences(one.recurrence, start, end)) for one in freezes],
                site=settings.WAGTAIL_SITE_NAME,
                address=settings.SITE_URL.rstrip("/"),
            )
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="changes.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    # The address is a secret and is not told to other sites.
    response["Referrer-Policy"] = "no-referrer"
    return response
