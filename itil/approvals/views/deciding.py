"""What waits for a person's decision, one of them, and what was decided."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from itil.approvals import actions
from itil.approvals.forms import AskForm, VoteForm
from itil.approvals.models import ApprovalQuestion, Vote
from itil.approvals.voting import Decision
from itil.tickets.errors import MissingValue, Refused

PER_PAGE = 20
URGENT = timedelta(days=1)
WAITING = Q(state="waiting", step__state="running", step__process__state="running")


def thanks(decision: str) -> str:
    """What to say after a decision."""
    match decision:
        case Decision.APPROVED:
            return _("Approved: %(title)s")
        case Decision.REJECTED:
            return _("Declined: %(title)s")
    return _("Abstained: %(title)s")


@login_required
@require_safe
def list_approvals(request: HttpRequest) -> HttpResponse:
    """What waits, the soonest due first, or what this person decided, the latest first.

    Three queries whatever the number of rows.
    """
    now = timezone.now()
    visible = Vote.objects.visible_to(request.user, now)
    given = Q(state__in=Decision.values) & (Q(voter=request.user) | Q(acted_by=request.user))
    counts = visible.aggregate(
        waiting=Count("pk", filter=WAITING), decided=Count("pk", filter=given)
    )
    show = "decided" if request.GET.get("show") == "decided" else "waiting"
    wanted, order = {
        "waiting": (WAITING, ("due_at", "pk")),
        "decided": (given, ("-at", "-pk")),
    }[show]
    pages = Paginator(visible.filter(wanted).order_by(*order), PER_PAGE)
    # Known already; the paginator would count once more.
    pages.count = counts[show]
    page = pages.get_page(request.GET.get("page"))
    # The matter is read for the rows of the page only, in the same statement.
    shown = Vote.objects.filter(pk__in=page.object_list.values("pk"))
    page.object_list = shown.with_matter().order_by(*order)
    context = {
        "page_obj": page,
        "votes": page.object_list,
        "show": show,
        "counts": counts,
        "undoable": Vote.objects.undoable_by(request.user).with_matter(),
        "approvals_waiting": counts["waiting"],
        "urgent_from": now + URGENT,
    }
    return render(request, "itil/approvals/list.html", context)


@login_required
@require_safe
def show_approval(request: HttpRequest, uuid: str) -> HttpResponse:
    now = timezone.now()
    return _show(request, _vote_or_404(request, uuid, now), now)


@login_required
@require_POST
def decide(request: HttpRequest, uuid: str) -> HttpResponse:
    now = timezone.now()
    vote = _vote_or_404(request, uuid, now)
    form = VoteForm(request.POST)
    undo = timedelta(seconds=settings.APPROVAL_UNDO_SECONDS)
    return _do(
        request,
        vote,
        form,
        lambda: actions.vote(vote, by=request.user, at=now, undo=undo, **form.cleaned_data),
        # What can be undone has a line of its own above the list.
        lambda given: "" if given.step.is_settling else thanks(given.state),
        now,
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    now = timezone.now()
    vote = _vote_or_404(request, uuid, now)
    return _do(
        request,
        vote,
        forms.Form(request.POST),
        lambda: actions.withdraw_vote(vote, by=request.user, at=now),
        lambda _given: _("You are asked again: %(title)s"),
        now,
    )


@login_required
@require_POST
def ask(request: HttpRequest, uuid: str) -> HttpResponse:
    now = timezone.now()
    vote = _vote_or_404(request, uuid, now)
    form = AskForm(request.POST)
    return _do(
        request,
        vote,
        form,
        lambda: actions.ask(vote, by=request.user, text=form.cleaned_data["text"], at=now),
        lambda _asked: _("Your question was sent: %(title)s"),
        now,
    )


def _vote_or_404(request: HttpRequest, uuid: str, now: datetime) -> Vote:
    """A vote of this person; a foreign one and a wrong address look the same (`VIS-1`)."""
    votes = Vote.objects.visible_to(request.user, now).with_matter()
    return get_object_or_404(votes, uuid=uuid)


def _do(
    request: HttpRequest,
    vote: Vote,
    form: forms.Form,
    verb: Callable[[], Any],
    success: Callable[[Any], str],
    now: datetime,
) -> HttpResponse:
    """Carry out a verb; on a mistake or a refusal show the page with everything that was typed."""
    status = 422
    if form.is_valid():
        try:
            result = verb()
        except MissingValue as refusal:
            form.add_error(refusal.field, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            said = success(result)
            if said:
                messages.success(request, said % {"title": vote.step.process.about.title})
            response = redirect("approvals:list")
            response.status_code = 303
            return response
    if status == 409:
        # Somebody was faster; the page shows what is stored now.
        vote = Vote.objects.with_matter().get(pk=vote.pk)
    return _show(request, vote, now, form, status=status)


def _show(
    request: HttpRequest,
    vote: Vote,
    now: datetime,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one vote; `form` is the one that was just sent and did not go through."""
    is_open = vote.is_waiting and vote.step.is_running and vote.step.process.is_running
    questions = ApprovalQuestion.objects.filter(vote__step__process=vote.step.process_id)
    context = {
        "vote": vote,
        "process": vote.step.process,
        "matter": vote.step.process.about,
        "is_open": is_open,
        # What a voided vote was about is no longer their business.
        "is_needed": is_open or vote.is_given,
        "may_withdraw": vote.is_given
        and vote.step.is_running
        and request.user.pk in (vote.voter_id, vote.acted_by_id),
        "for_another": vote.voter_id != request.user.pk,
        "questions": questions.select_related("asked_by", "answered_by"),
        "urgent_from": now + URGENT,
        "sent_form": form,
        "kept_text": _kept_text(form) if form is not None and not is_open else "",
        "vote_form": form if isinstance(form, VoteForm) else VoteForm(),
        "ask_form": form if isinstance(form, AskForm) else AskForm(),
        "decide_url": reverse("approvals:decide", args=[vote.uuid]),
    }
    return render(request, "itil/approvals/vote.html", context, status=status)


def _kept_text(form: forms.Form) -> str:
    """What was typed into a form that the page no longer has."""
    return form.data.get("reason") or form.data.get("text") or ""
