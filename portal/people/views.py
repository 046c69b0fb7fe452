"""Where people land after signing in, and their own settings."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.ui.context import Frame

from . import actions
from .forms import OwnSettingsForm, StandInForm
from .models import Delegation, User


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Who has a duty lands on the first page of the desk that is theirs, others on the portal."""
    return redirect(Frame(request).desk_url or "/")


@login_required
def own_settings(request: HttpRequest) -> HttpResponse:
    """How pages are shown to this person, and who decides in their place."""
    person = request.user
    form = OwnSettingsForm(request.POST or None, initial=_chosen(person))
    if request.method == "POST" and form.is_valid():
        actions.change_own_settings(person, **form.cleaned_data)
        # The answer already speaks the language just chosen.
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("people:settings")
    return _show_settings(request, timezone.now(), form=form)


@login_required
@require_POST
def name_stand_in(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = StandInForm(request.POST, person=request.user, now=now)
    if not form.is_valid():
        return _show_settings(request, now, stand_in_form=form)
    given = form.cleaned_data
    actions.name_stand_in(
        request.user,
        delegate=given["who"],
        starts_at=given["starts_at"],
        ends_at=given["ends_at"],
        includes_confidential=given["includes_confidential"],
        kinds=given["kinds"],
    )
    messages.success(request, _("%(name)s stands in for you.") % {"name": given["who"].name})
    return HttpResponseRedirect(reverse("people:settings") + "#stand-in", status=303)


@login_required
@require_POST
def end_stand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the person's own; those of others look as if they did not exist."""
    delegation = get_object_or_404(Delegation, pk=pk, delegator=request.user)
    actions.end_stand_in(delegation, at=timezone.now())
    messages.success(
        request,
        _("%(name)s no longer stands in for you.") % {"name": delegation.delegate.name},
    )
    return HttpResponseRedirect(reverse("people:settings") + "#stand-in", status=303)


def _show_settings(
    request: HttpRequest,
    now: datetime,
    form: OwnSettingsForm | None = None,
    stand_in_form: StandInForm | None = None,
) -> HttpResponse:
    """The page of settings; a form that was just sent and did not go through is shown again."""
    person = request.user
    current = Delegation.objects.current_or_coming(now)
    sent = next((one for one in (form, stand_in_form) if one is not None and one.is_bound), None)
    today = now.astimezone(person.zone).date()
    context = {
        "form": form or OwnSettingsForm(initial=_chosen(person)),
        "stand_in_form": stand_in_form
        or StandInForm(
            person=person,
            now=now,
            initial={"first_day": today, "kinds": [Delegation.Kind.APPROVALS]},
        ),
        "sent_form": sent,
        "stand_ins": current.filter(delegator=person).select_related("delegate"),
        "stands_in_for": current.filter(delegate=person, delegator__is_active=True).select_related(
            "delegator"
        ),
        "frame_template": "ui/desk.html" if person.grants.is_agent else "ui/portal.html",
    }
    status = 422 if sent is not None else 200
    return render(request, "portal/people/settings.html", context, status=status)


def _chosen(person: User) -> dict[str, Any]:
    return {
        "language": person.language,
        "time_zone": person.time_zone,
        "theme": person.theme,
        "hides_name_as_approver": person.hides_name_as_approver,
    }
