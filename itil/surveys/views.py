"""The page behind the faces in a mail; whoever holds the link is the person who was asked.

It works without signing in and shows nothing beyond its purpose (`CRS-5`).
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from itil.desk import actions as desk
from itil.desk.permissions import may_move
from itil.tickets.errors import Refused
from itil.tickets.models import Channel, Ticket
from portal.people.models import User

from .actions import rate, rating_is_open
from .forms import RatingForm, ReopenForm
from .models import Rating, Score, Survey
from .querysets import RATED

Page = Callable[..., HttpResponse]
CHOICES = {str(score) for score in Score.values}
THANKS = gettext_lazy("Thank you. Your rating is saved.")


def _for_the_asked(page: Page) -> Page:
    """Gives the page the survey of its token, in the language of the person who was asked."""

    def found(request: HttpRequest, token: str) -> HttpResponse:
        surveys = Survey.objects.select_related("person", "ticket__assignee")
        survey = surveys.of_token(token).filter(person__is_active=True).first()
        if survey is None:
            raise Http404
        with translation.override(survey.person.language or translation.get_language()):
            return page(request, survey)

    return never_cache(found)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_the_asked
def rate_by_link(request: HttpRequest, survey: Survey) -> HttpResponse:
    """GET shows the faces, the one of `r` chosen; POST keeps the rating."""
    if request.method != "POST":
        return _show(request, survey)
    form = RatingForm(request.POST)
    if not kept(form, survey.ticket, by=survey.person):
        return answer(request, form) or _show(request, survey, form=form, status=422)
    return answer(request, form) or _leave(request, survey, THANKS)


@require_POST
@_for_the_asked
def reopen_by_link(request: HttpRequest, survey: Survey) -> HttpResponse:
    """'It is not solved', as an answer to the mail would say it."""
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            desk.move(
                survey.ticket,
                "reopen",
                by=survey.person,
                values=form.cleaned_data,
                channel=Channel.PORTAL,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _leave(request, survey, _("We are on it again."))
    return _show(request, survey, reopen_form=form, status=422)


def kept(form: RatingForm, ticket: Ticket, *, by: User) -> bool:
    """Whether what the form says was kept; if not, the form tells why."""
    if not form.is_valid():
        return False
    try:
        rate(ticket, by=by, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(getattr(refusal, "field", None), str(refusal))
        return False
    return True


def answer(request: HttpRequest, form: RatingForm) -> HttpResponse | None:
    """The line below the faces, for a tap that is kept at once; None for a form that was sent."""
    if not request.htmx:
        return None
    return render(
        request, "itil/surveys/_kept.html", {"form": form}, status=422 if form.errors else 200
    )


def _leave(request: HttpRequest, survey: Survey, words: str | Promise) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("surveys:rate", args=[survey.token]), status=303)


def _show(
    request: HttpRequest,
    survey: Survey,
    *,
    form: RatingForm | None = None,
    reopen_form: ReopenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    ticket, now = survey.ticket, timezone.now()
    rating = Rating.objects.filter(ticket=ticket).first()
    chosen = request.GET.get("r", "")
    row = ticket.lifecycle.find("reopen", ticket.status)
    return render(
        request,
        "itil/surveys/rate.html",
        {
            "survey": survey,
            "ticket": ticket,
            "rating": rating,
            "form": form or RatingForm(initial=_initial(rating, chosen)),
            # A face that the mail has chosen and nobody has confirmed.
            "is_unsaved": chosen in CHOICES and chosen != str(rating and rating.score),
            "is_open": rating_is_open(ticket, now),
            "may_reopen": row is not None and may_move(survey.person, ticket, row),
            "reopen_form": reopen_form or ReopenForm(),
        },
        status=status,
    )


def _initial(rating: Rating | None, chosen: str) -> dict[str, Any]:
    """What was said before, with the face of the link."""
    said = {}
    if rating is not None:
        said = {name: getattr(rating, name) for name in RATED}
    return said | ({"score": chosen} if chosen else {})
