"""What the link of a mail opens: wholly in the language of the estimate, whoever looks."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from billing.estimates.links import Invitation, invitation_of
from billing.invoices.documents import spoken_to_customer

# Who has a link sees the customer's page of it; who is signed in, the portal around it.
LINK_FRAME, PORTAL_FRAME = "billing/estimates/link_frame.html", "ui/portal.html"
GONE = "billing/estimates/no_such_link.html"


def by_link(
    view: Callable[[HttpRequest, Invitation, str], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """`view` for whoever holds the link of a token; it is given the invitation and the token."""

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        invitation = invitation_of(token)
        if invitation is None:
            return _gone(request)
        with spoken_to_customer(invitation.estimate.language):
            try:
                response = view(request, invitation, token)
            except Http404:
                return _gone(request)
            response["Content-Language"] = get_language()
        return response

    return opened


def _gone(request: HttpRequest) -> HttpResponse:
    """In the language of who asks, as there is no estimate to ask for one."""
    with spoken_to_customer(get_language()):
        response = render(request, GONE, status=404)
        response["Content-Language"] = get_language()
    return response
