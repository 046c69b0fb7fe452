"""Votes on articles; the pages themselves are served by Wagtail."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .actions import give_feedback
from .models import ArticlePage

VOTED = "voted_articles"


@require_POST
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a vote. "No" goes on to the report form, which then knows the article."""
    article = get_object_or_404(ArticlePage.objects.visible_to(request.user), pk=pk)
    solved = request.POST.get("solved") == "yes"
    query = request.POST.get("q", "").strip()
    _count_once(request, article, solved=solved, query=query)
    if not solved:
        address = reverse("selfservice:report")
        return redirect(f"{address}?{urlencode({'article': article.pk, 'q': query})}")
    text = _("Good. Nothing was sent.") if query else _("Thank you. That helps others find it.")
    if request.htmx:
        return render(request, "knowledgebase/_thanks.html", {"text": text})
    messages.success(request, text)
    return redirect("/" if query else article.address)


def _count_once(request: HttpRequest, article: ArticlePage, *, solved: bool, query: str) -> None:
    """People have one vote each; so has the session of a visitor."""
    if request.user.is_authenticated:
        give_feedback(article, by=request.user, solved=solved, query=query)
        return
    voted = request.session.get(VOTED, [])
    if article.pk not in voted:
        give_feedback(article, by=None, solved=solved, query=query)
        request.session[VOTED] = [*voted, article.pk][-200:]
