"""The catalog in the browser: its front, its departments, and both through other eyes.

An item's own page, with the form, belongs to who takes requests.
"""

import uuid as uuids
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from portal.people.models import User

from . import actions
from .forms import ViewAsForm
from .matching import suggest
from .models import CatalogItem
from .permissions import may_view_as_others
from .shelves import Shelves, items_of, look_at_departments, look_at_front

HITS = 48


@require_safe
@login_required
def front(request: HttpRequest) -> HttpResponse:
    """Every department with its first items, or what was found for the words in `q`."""
    return _front(request, request.user)


@require_safe
@login_required
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """The items of one department, of one topic or all."""
    return _department(request, request.user, slug)


@login_required
def choose_person(request: HttpRequest) -> HttpResponse:
    """Whose eyes to look through; for catalog managers and administrators."""
    if not may_view_as_others(request.user):
        raise Http404
    form = ViewAsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("offerings:front_as", form.cleaned_data["person"].uuid)
    return render(
        request,
        "catalog/offerings/choose_person.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@require_safe
@login_required
def front_as(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The front as this person sees it, to be looked at only."""
    return _front(request, _eyes(request, uuid))


@require_safe
@login_required
def department_as(request: HttpRequest, uuid: uuids.UUID, slug: str) -> HttpResponse:
    """One department as this person sees it, to be looked at only."""
    return _department(request, _eyes(request, uuid), slug)


@require_safe
@login_required
def item_as(request: HttpRequest, uuid: uuids.UUID, slug: str, item: str) -> HttpResponse:
    """One item as this person sees it, without the form."""
    person = _eyes(request, uuid)
    shelf = look_at_departments(person).shelf_of(slug)
    if shelf is None:
        raise Http404
    visible = CatalogItem.objects.visible_to(person).child_of(shelf.department)
    found = get_object_or_404(visible.with_card(), slug=item)
    return render(
        request,
        "catalog/offerings/item.html",
        {"page": found, "item": found, "department": shelf.department, "seen_as": person},
    )


def _eyes(request: HttpRequest, uuid: uuids.UUID) -> User:
    """The person to look as; absent for who may not, and every look is audited."""
    if not may_view_as_others(request.user):
        raise Http404
    person = get_object_or_404(User.objects.active(), uuid=uuid)
    actions.view_as(person, by=request.user)
    return person


def _front(request: HttpRequest, viewer: User) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:250]
    if text:
        shelves = look_at_departments(viewer)
        hits = [match.item for match in suggest(text, viewer, HITS)]
        return _render(request, "found.html", viewer, shelves, text=text, hits=hits)
    shelves, popular = look_at_front(viewer)
    return _render(request, "front.html", viewer, shelves, popular=popular)


def _department(request: HttpRequest, viewer: User, slug: str) -> HttpResponse:
    shelves = look_at_departments(viewer)
    shelf = shelves.shelf_of(slug)
    if shelf is None:
        raise Http404
    asked = request.GET.get("topic", "")
    topic = next((one for one in shelf.topics if str(one.pk) == asked), None)
    rows = items_of(viewer, shelf, topic, request.GET.get("page"))
    return _render(
        request, "department.html", viewer, shelves, shelf=shelf, topic=topic, page_obj=rows
    )


def _render(
    request: HttpRequest, template: str, viewer: User, shelves: Shelves, **more: Any
) -> HttpResponse:
    seen_as = viewer if viewer != request.user else None
    context = {
        "shelves": shelves,
        "seen_as": seen_as,
        "may_view_as": may_view_as_others(request.user),
        **more,
    }
    return render(request, f"catalog/offerings/{template}", context)
