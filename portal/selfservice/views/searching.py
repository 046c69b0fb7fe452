"""The front door, and search before filing: as a page and while one types."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from portal.selfservice.matching import before_sending, look_up
from portal.selfservice.models import home_of

# The same findings in the shape of the page that asks.
FRAGMENTS = {
    "home": "portal/selfservice/_suggestions.html",
    "search": "portal/selfservice/_answers.html",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The page that editors made, without asking first which site this is."""
    page = home_of(request)
    if page is None or not page.live:
        raise Http404
    return page.serve(request)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything found, the best answer first. Visitors search the public answers."""
    found = look_up(request.GET.get("q", ""), request.user)
    return render(request, "portal/selfservice/search.html", {"found": found})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The same while typing; `place` names the page (home, search, or form: before sending).

    `name` is that of the input that holds the text, `item` the item that is being ordered.
    """
    query = request.GET
    place = query.get("place", "home")
    text = query.get(query.get("name", ""), "") or query.get("q") or query.get("title") or ""
    text = text.replace("\x00", "")
    if place == "form":
        template = "portal/selfservice/_before_sending.html"
        offers = before_sending(text, request.user)
        # Who orders it need not be told of it.
        offers = [one for one in offers if not (one.item and str(one.item.pk) == query.get("item"))]
        context = {"typed": text, "offers": offers}
    else:
        template = FRAGMENTS.get(place, FRAGMENTS["home"])
        context = {"found": look_up(text, request.user, answers=6 if place == "search" else 4)}
    response = render(request, template, context)
    patch_vary_headers(response, ["Cookie"])
    return response
