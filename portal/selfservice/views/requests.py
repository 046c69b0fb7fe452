"""'My requests': the list, one request, and what its person may do with it."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject, Left
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.requests.models import Draft
from catalog.requests.permissions import may_change, may_order_again
from catalog.requests.timeline import Look, look_at
from itil.conversation.models import Message
from itil.desk import actions as desk
from itil.desk import permissions
from itil.incidents.models import MajorIncident
from itil.surveys.actions import rating_is_open
from itil.surveys.forms import RatingForm, ReopenForm
from itil.surveys.permissions import may_rate
from itil.surveys.querysets import RATED, with_rating
from itil.surveys.views import THANKS, answer, kept
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.lifecycle import Move
from itil.tickets.models import Channel, Ticket
from portal.people.models import User
from portal.selfservice import timeline
from portal.selfservice.actions import say_more
from portal.selfservice.forms import CommentForm, WithdrawForm
from portal.selfservice.matching import fitting
from portal.selfservice.querysets import (
    OPEN_TO_REQUESTER,
    TO_CONFIRM,
    request_of,
    requests_of,
    waiting_first,
)

PER_PAGE = 20
SEARCHED = 500
# So much of the last message fits into a line of the list.
EXCERPT = 120
# More drafts than these are on the pages of their items.
DRAFTS = 20
# Where people write sentences, in whatever form.
TYPED = ("text", "reason", "comment")


@login_required
@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    """Open ones unless asked otherwise, or all that fit the words of a search.

    Three queries, one more for a search, whatever the number of rows.
    """
    mine = requests_of(request.user)
    counts = mine.aggregate(open=Count("pk", filter=OPEN_TO_REQUESTER), all=Count("pk"))
    counts["done"] = counts["all"] - counts["open"]
    query = request.GET.get("q", "").strip()
    show = request.GET.get("show")
    if query:
        found = fitting(mine, query, among=SEARCHED)
        show, count = "all", len(found)
        tickets = Ticket.objects.filter(pk__in=[ticket.pk for ticket in found])
    else:
        show = show if show in ("done", "all") else "open"
        count = counts[show]
        tickets = {
            "open": mine.filter(OPEN_TO_REQUESTER),
            "done": mine.exclude(OPEN_TO_REQUESTER),
            "all": mine,
        }[show]
    pages = Paginator(waiting_first(tickets), PER_PAGE)
    # Known already; the paginator would count once more.
    pages.count = count
    page = pages.get_page(request.GET.get("page"))
    # What was said last is looked up for the rows of the page only, in the same statement.
    shown = Ticket.objects.filter(pk__in=page.object_list.values("pk"))
    page.object_list = _with_last_message(waiting_first(shown))
    context = {
        "page_obj": page,
        "rows": [(ticket, ticket.last_message, timeline.sentence(ticket)) for ticket in page],
        "show": show,
        "query": query,
        "counts": counts,
        "drafts": _drafts(request.user) if show == "open" else [],
    }
    return render(request, "portal/selfservice/requests.html", context)


def _drafts(user: User) -> list[Draft]:
    """What the person has begun to order and not sent, the newest first. One query."""
    drafts = Draft.objects.visible_to(user).open().select_related("requested_for")
    return list(drafts.order_by("-in_cart", "-updated_at")[:DRAFTS])


def _with_last_message(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Adds `last_message`: the beginning of the newest public message of either side, or None."""
    said = Message.objects.public().filter(ticket=OuterRef("pk")).order_by("-at", "-pk")
    last = said.values(
        found=JSONObject(
            text=Left("text", EXCERPT), author=F("author__name"), is_staff_side=F("is_staff_side")
        )
    )
    return tickets.select_related("assignee").annotate(last_message=Subquery(last[:1]))


@login_required
@require_safe
def show_request(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, _ticket_or_404(request, number))


@login_required
@require_POST
def comment(request: HttpRequest, number: str) -> HttpResponse:
    form = CommentForm(request.POST, request.FILES)
    return _do(
        request,
        number,
        form,
        lambda ticket: say_more(
            ticket,
            by=request.user,
            key=form.cleaned_data["key"],
            text=form.cleaned_data["text"],
            attachments=form.cleaned_data["files"],
        ),
        _("Your message was sent."),
    )


@login_required
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """'It is solved'."""
    return _do(
        request,
        number,
        forms.Form(request.POST),
        lambda ticket: desk.move(ticket, "close", by=request.user, channel=Channel.PORTAL),
        _("Good to hear. The request is closed."),
    )


@login_required
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """'It is not solved'."""
    form = ReopenForm(request.POST)
    return _do(
        request,
        number,
        form,
        lambda ticket: desk.move(
            ticket, "reopen", by=request.user, values=form.cleaned_data, channel=Channel.PORTAL
        ),
        _("We are on it again."),
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    form = WithdrawForm(request.POST)
    return _do(
        request,
        number,
        form,
        lambda ticket: desk.move(
            ticket, "withdraw", by=request.user, values=form.cleaned_data, channel=Channel.PORTAL
        ),
        _("The request was withdrawn."),
    )


@login_required
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """How the solution was; a tap on a face is kept at once."""
    ticket = _ticket_or_404(request, number)
    form = RatingForm(request.POST)
    is_kept = kept(form, ticket, by=request.user)
    line = answer(request, form)
    if line is not None:
        return line
    if not is_kept:
        return _show(request, ticket, form, status=422)
    messages.success(request, THANKS)
    return redirect("selfservice:request", number=ticket.number)


def _ticket_or_404(request: HttpRequest, number: str) -> Ticket:
    """One of the person's own; a foreign number and a wrong one look the same (`VIS-1`)."""
    tickets = with_rating(timeline.with_promise(request_of(request.user, number)))
    people = tickets.select_related(
        "assignee", "service", "requester", "requested_for", "incident__major"
    )
    return get_object_or_404(people)


def _do(
    request: HttpRequest,
    number: str,
    form: forms.Form,
    verb: Callable[[Ticket], object],
    success: str,
) -> HttpResponse:
    """Carry out a verb; on a mistake or a refusal show the page with everything that was typed."""
    ticket = _ticket_or_404(request, number)
    if not form.is_valid():
        return _show(request, ticket, form, status=422)
    try:
        verb(ticket)
    except MissingValue as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _show(request, ticket, form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _ticket_or_404(request, number), form, status=409)
    messages.success(request, success)
    return redirect("selfservice:request", number=ticket.number)


def _show(
    request: HttpRequest, ticket: Ticket, form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of one request; `form` is the one that was just sent and did not go through."""
    user = request.user
    limit = timeline.SHOWN_AT_MOST if "all" in request.GET else timeline.SHOWN
    moves = timeline.moves_of(ticket, limit)
    entries, has_older = timeline.activity(ticket, user, limit, moves)
    order = look_at(ticket)
    major = _major(ticket)
    possible = _possible(ticket, user, order, major)
    rating_form = _rating_form(ticket, user, form)
    context = {
        "ticket": ticket,
        "order": order,
        "may_change": order is not None and may_change(user, order.request),
        "may_order_again": order is not None and may_order_again(user, order.request),
        "sentence": order.sentence if order else timeline.sentence(ticket),
        "steps": [timeline.Step(*stop) for stop in order.stops]
        if order
        else timeline.steps(ticket),
        "expected": timeline.expectation(ticket, moves, timezone.now()),
        "entries": entries,
        "has_older": has_older,
        "possible": possible,
        "major": major,
        "may_write": _may_write(ticket),
        "carried_on": _carried_on(ticket, user),
        "sent_form": form,
        "kept_text": _kept_text(form, ticket, possible, may_be_rated=rating_form is not None),
        "files_lost": bool(request.FILES),
        "comment_form": form if isinstance(form, CommentForm) else CommentForm(),
        "reopen_form": form if isinstance(form, ReopenForm) else ReopenForm(),
        "withdraw_form": form if isinstance(form, WithdrawForm) else WithdrawForm(),
        "rating_form": rating_form,
        "is_at_desk": Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()
        if user.grants.is_staff
        else False,
    }
    return render(request, "portal/selfservice/request.html", context, status=status)


def _rating_form(ticket: Ticket, user: User, form: forms.Form | None) -> RatingForm | None:
    """The faces, with what was said before; None for what cannot be rated, or not any more."""
    if not may_rate(user, ticket) or not rating_is_open(ticket, timezone.now()):
        return None
    if isinstance(form, RatingForm):
        return form
    said = {name: getattr(ticket, f"rated_{name}") for name in RATED}
    return RatingForm(initial={name: value for name, value in said.items() if value is not None})


def _major(ticket: Ticket) -> MajorIncident | None:
    """The procedure that an incident goes through as a major one; none after it was demoted."""
    incident = getattr(ticket, "incident", None)
    return getattr(incident, "major", None) if incident and incident.is_major else None


def _possible(
    ticket: Ticket, user: User, order: Look | None, major: MajorIncident | None
) -> dict[str, Move]:
    """The steps that this person may take now, with the words of their buttons."""
    found = {
        verb: row
        for verb in ("close", "reopen", "withdraw")
        if (row := ticket.lifecycle.find(verb, ticket.status))
        and permissions.may_move(user, ticket, row)
    }
    if order and order.has_work_started:
        found.pop("withdraw", None)
    # Of a major incident the desk alone says when it is over (`INC-7`).
    return {} if major else found


def _may_write(ticket: Ticket) -> bool:
    return ticket.is_open or ticket.status in TO_CONFIRM


def _carried_on(ticket: Ticket, user: User) -> Ticket | None:
    """The request into which this one was merged, if it is one that `user` may see."""
    if ticket.merged_into_id is None:
        return None
    return requests_of(user).filter(pk=Ticket.objects.survivor_of(ticket).pk).first()


def _kept_text(
    form: forms.Form | None, ticket: Ticket, possible: dict[str, Move], *, may_be_rated: bool
) -> str:
    """What was typed into a form that the page no longer has; somebody was faster."""
    shown = {
        CommentForm: _may_write(ticket),
        ReopenForm: "reopen" in possible,
        WithdrawForm: "withdraw" in possible,
        RatingForm: may_be_rated,
    }
    if form is None or shown.get(type(form), True):
        return ""
    return next((form.data[name] for name in TYPED if form.data.get(name)), "")
