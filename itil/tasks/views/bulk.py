"""Many tasks at once: each by its own verb, with a result of its own (`LIF-3`)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateResponseMixin, View

from itil.tasks import actions
from itil.tasks.forms import ManyForm
from itil.tasks.models import Task
from itil.tickets.errors import Refused
from portal.people.models import User
from portal.ui.pages import DutyPage
from portal.ui.paging import PAGE_SIZE

from .inbox import DUTIES


@dataclass(frozen=True)
class Result:
    """What became of one task: done, or the sentence that refuses it."""

    number: str
    task: Task | None
    refusal: str = ""


@dataclass(frozen=True)
class Verb:
    """What can be done to many; `asks` says whether a person has to be chosen first."""

    label: str | Promise
    perform: Callable[[Task, User | None, User, datetime], object]
    asks: bool = False


VERBS = {
    "take": Verb(
        gettext_lazy("Take"), lambda task, _person, by, at: actions.take(task, by=by, at=at)
    ),
    "start": Verb(
        gettext_lazy("Start"), lambda task, _person, by, at: actions.start(task, by=by, at=at)
    ),
    "finish": Verb(
        gettext_lazy("Done"), lambda task, _person, by, at: actions.finish(task, by=by, at=at)
    ),
    "assign": Verb(
        gettext_lazy("Assign"),
        lambda task, person, by, at: actions.assign(task, person, by=by, at=at),
        asks=True,
    ),
}


class ManyTasks(DutyPage, TemplateResponseMixin, View):
    """Takes the numbers that were ticked in the inbox and shows what became of each."""

    duties = DUTIES
    template_name = "itil/tasks/many.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        verb = VERBS.get(request.POST.get("do", ""))
        if verb is None:
            raise Http404
        numbers = list(dict.fromkeys(request.POST.getlist("task")))[:PAGE_SIZE]
        if not numbers:
            return redirect("tasks:inbox")
        form = ManyForm(request.POST if "person" in request.POST else None)
        context = {"verb": verb, "do": request.POST["do"], "numbers": numbers, "form": form}
        if verb.asks and not form.is_valid():
            status = 422 if form.is_bound else 200
            return self.render_to_response(context, status=status)
        person = form.cleaned_data["person"] if verb.asks else None
        results = self.perform(verb, numbers, person)
        return self.render_to_response(
            context
            | {
                "results": results,
                "done": sum(not one.refusal for one in results),
                "refused": sum(bool(one.refusal) for one in results),
            }
        )

    def perform(self, verb: Verb, numbers: list[str], person: User | None) -> list[Result]:
        """Each in a transaction of its own, so that one refusal holds up no other."""
        user, now = self.request.user, timezone.now()
        found = (
            Task.objects.visible_to(user, now)
            .select_related("ticket")
            .in_bulk(numbers, field_name="number")
        )
        results = []
        for number in numbers:
            task = found.get(number)
            refusal = "" if task else _("There is no such task.")
            if task:
                try:
                    verb.perform(task, person, user, now)
                except Refused as refused:
                    refusal = str(refused)
            results.append(Result(number, task, refusal))
        return results
