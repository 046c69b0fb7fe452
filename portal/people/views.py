"""Where people land after signing in, and their own settings."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from portal.ui.context import Frame

from . import actions
from .forms import OwnSettingsForm


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Who has a duty lands on the first page of the desk that is theirs, others on the portal."""
    return redirect(Frame(request).desk_url or "/")


@login_required
def own_settings(request: HttpRequest) -> HttpResponse:
    """How pages are shown to this person."""
    person = request.user
    form = OwnSettingsForm(
        request.POST or None,
        initial={
            "language": person.language,
            "time_zone": person.time_zone,
            "theme": person.theme,
        },
    )
    if request.method == "POST" and form.is_valid():
        actions.change_own_settings(person, **form.cleaned_data)
        # The answer already speaks the language just chosen.
        with translation.override(person.language or translation.get_language()):
            messages.success(request, _("Your settings are saved."))
        return redirect("people:settings")
    frame = "ui/desk.html" if person.grants.is_agent else "ui/portal.html"
    return render(
        request,
        "portal/people/settings.html",
        {"form": form, "frame_template": frame},
        status=422 if form.errors else 200,
    )
