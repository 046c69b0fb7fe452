"""Search before filing: answers and the own requests, as a page and while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from portal.selfservice.matching import look_up

# The same findings in the shape of the page that asks.
FRAGMENTS = {
    "home": "portal/selfservice/_suggestions.html",
    "search": "portal/selfservice/_answers.html",
    "form": "portal/selfservice/_before_sending.html",
}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything found, the best answer first. Visitors search the public answers."""
    found = look_up(request.GET.get("q", ""), request.user)
    return render(request, "portal/selfservice/search.html", {"found": found})


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The same while typing; `place` names the page (home, search or form)."""
    place = request.GET.get("place", "home")
    text = request.GET.get("q") or request.GET.get("title") or ""
    found = look_up(
        text,
        request.user,
        answers={"search": 6, "form": 3}.get(place, 4),
        tickets=0 if place == "form" else 3,
    )
    response = render(request, FRAGMENTS.get(place, FRAGMENTS["home"]), {"found": found})
    patch_vary_headers(response, ["Cookie"])
    return response
