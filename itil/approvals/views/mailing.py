"""Deciding from a mail, without signing in: GET shows, POST decides (`APP-8`)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from itil.approvals import actions
from itil.approvals.forms import VoteForm
from itil.approvals.links import Invitation, invitation_of
from itil.approvals.voting import Decision
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Mail scanners follow links, so looking changes nothing; a link decides once."""
    now = timezone.now()
    try:
        invitation = invitation_of(token, now)
        _ensure_right_person(request, invitation)
    except Refused as refusal:
        return _refused(request, refusal)
    if request.method != "POST":
        return _show(request, invitation, VoteForm())
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _show(request, invitation, form, status=422)
    try:
        actions.vote(
            invitation.vote,
            by=invitation.person,
            at=now,
            channel=Channel.MAIL,
            **form.cleaned_data,
        )
    except MissingValue as refusal:
        form.add_error(refusal.field, str(refusal))
        return _show(request, invitation, form, status=422)
    except Refused as refusal:
        return _refused(request, refusal)
    context = {
        "title": invitation.vote.step.process.about.title,
        "decision": Decision(form.cleaned_data["decision"]),
    }
    return render(request, "itil/approvals/mail_done.html", context)


def _ensure_right_person(request: HttpRequest, invitation: Invitation) -> None:
    user = request.user
    if user.is_authenticated and user.pk != invitation.person.pk:
        raise Refused(
            _("This link was sent to %(name)s, and you are signed in as %(you)s.")
            % {"name": invitation.person.name, "you": user.name}
        )


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    context = {"text": str(refusal)}
    return render(request, "itil/approvals/mail_refused.html", context, status=410)


def _show(
    request: HttpRequest, invitation: Invitation, form: VoteForm, status: int = 200
) -> HttpResponse:
    process = invitation.vote.step.process
    context = {
        "vote": invitation.vote,
        "person": invitation.person,
        "for_another": invitation.vote.voter_id != invitation.person.pk,
        "process": process,
        "matter": process.about,
        "vote_form": form,
        "decide_url": request.path,
    }
    return render(request, "itil/approvals/mail.html", context, status=status)
