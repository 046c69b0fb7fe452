"""The requester answers an approver's question."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from itil.approvals import actions
from itil.approvals.forms import AnswerForm
from itil.approvals.models import ApprovalQuestion
from itil.tickets.errors import Refused


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_question(request: HttpRequest, uuid: str) -> HttpResponse:
    """The question and the form for its answer; for the requester's side only."""
    question = get_object_or_404(
        ApprovalQuestion.objects.to_answer_by(request.user).select_related(
            "asked_by", "answered_by", "vote__step__process__ticket"
        ),
        uuid=uuid,
    )
    form = AnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.answer(
                    question, by=request.user, text=form.cleaned_data["text"], at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = 409
            else:
                messages.success(request, _("Your answer was sent."))
                response = redirect(question.vote.step.process.about.url or request.path)
                response.status_code = 303
                return response
    process = question.vote.step.process
    is_open = question.is_open and question.vote.step.is_running and process.is_running
    context = {
        "question": question,
        "process": process,
        "matter": process.about,
        "is_open": is_open,
        "form": form,
        "kept_text": form.data.get("text", "") if form.is_bound and not is_open else "",
    }
    return render(request, "itil/approvals/question.html", context, status=status)
