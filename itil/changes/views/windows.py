"""Freezes and maintenance windows, and what change managers decide about conflicts."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.changes import permissions
from itil.changes.actions import conflicts as conflict_verbs
from itil.changes.actions import windows as verbs
from itil.changes.forms.windows import ReasonForm, WindowForm
from itil.changes.hours import next_start
from itil.changes.models import Change, Conflict, FreezeWindow, MaintenanceWindow
from itil.changes.models.windows import Window, business_zone
from itil.changes.querysets import reads_windows
from itil.tickets.errors import Refused
from portal.ui.pages import ActionPage, DutyPage, ListPage, Tab, VerbPage, version_shown

from .sheet import frame_of

TITLES = {
    FreezeWindow: gettext_lazy("New freeze"),
    MaintenanceWindow: gettext_lazy("New maintenance window"),
}


class WindowReaders(DutyPage):
    """A page for those who may read windows; to all others it does not exist."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not reads_windows(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class Windows(WindowReaders, ListPage):
    """Those of one kind (`?kind=`, freezes unless it says otherwise) in pages: those in force
    first, then by the day they begin, each with when it comes next.
    """

    template_name = "itil/changes/windows.html"

    @cached_property
    def model(self) -> type[Window]:
        return verbs.KINDS.get(self.request.GET.get("kind", ""), FreezeWindow)

    def get_queryset(self) -> QuerySet[Any]:
        rows = self.model.objects.visible_to(self.request.user)
        return rows.prefetch_related("services", "item_classes")

    def get_rows(self) -> QuerySet[Any]:
        return self.get_queryset().order_by("-active", "begins_on", "pk")

    def tabs(self) -> tuple[Tab, ...]:
        return tuple(
            Tab(model._meta.verbose_name_plural, self._url(kind=slug), model is self.model)
            for slug, model in verbs.KINDS.items()
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        now, shown = timezone.now(), list(context["rows"])
        for window in shown:
            window.next_at = next_start(window.recurrence, now) if window.active else None
        return context | {
            "rows": shown,
            "kind": self.model.SLUG,
            "kind_name": self.model._meta.verbose_name_plural,
            "may_edit": self.request.user.grants.is_change_manager,
            "frame_template": frame_of(self.request.user),
        }


class WindowForms(WindowReaders):
    """The kind of window that the URL names, and its form."""

    refusals = (Refused,)
    template_name = "itil/changes/window.html"
    form_class = WindowForm
    success_message = gettext_lazy("Saved. What is planned was checked again.")

    @cached_property
    def model(self) -> type[Window]:
        found = verbs.KINDS.get(self.kwargs["kind"])
        if found is None:
            raise Http404
        return found

    @property
    def may_edit(self) -> bool:
        return self.request.user.grants.is_change_manager

    def first(self) -> dict[str, Any]:
        """What the form begins with."""
        return {"time_zone": business_zone(), "nth": 1, "every": 1}

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.request.method == "POST":
            return {"data": self.request.POST}
        return {"initial": self.first()}

    @property
    def back(self) -> str:
        """The list of this kind."""
        return f"{reverse('changes:windows')}?kind={self.model.SLUG}"

    def get_success_url(self) -> str:
        return self.back


class NewWindow(WindowForms, VerbPage):
    """A window that is not there yet."""

    @property
    def title(self) -> Any:  # type: ignore[override]
        return TITLES[self.model]

    def check(self) -> None:
        if not self.may_edit:
            raise Http404

    def perform(self, form: Any) -> Window:
        return verbs.add_window(self.model, form.values, by=self.request.user, at=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            window=None, may_edit=True, frame_template=frame_of(self.request.user), **kwargs
        )


class WindowPage(WindowForms, ActionPage):
    """One window: read by staff, changed by change managers."""

    def check(self) -> None:
        super().check()
        if self.request.method == "POST" and not self.may_edit:
            raise Http404

    def first(self) -> dict[str, Any]:
        return WindowForm.values_of(self.record)

    def perform(self, form: Any) -> Window:
        return verbs.change_window(
            self.record,
            form.values,
            version=form.cleaned_data.get("version") or 0,
            by=self.request.user,
            at=timezone.now(),
        )

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.record.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        window = self.record
        events = window.events.select_related("actor").order_by("-at", "-pk")
        readable = Change.objects.readable_by(self.request.user).values("pk")
        found = window.conflicts.present() if window.SLUG == "freeze" else Conflict.objects.none()
        caught = found.filter(change__in=readable).with_names()
        return super().get_context_data(
            window=window,
            events=events[:20],
            caught=caught[:50],
            may_edit=self.may_edit,
            frame_template=frame_of(self.request.user),
            **kwargs,
        )


class SwitchWindow(WindowPage):
    """End a window, or let it apply again."""

    template_name = ""

    def get_form(self) -> Any:
        return ActionPage.form_class(self.request.POST)

    def perform(self, form: Any) -> Window:
        verb = verbs.end_window if self.record.active else verbs.restore_window
        return verb(
            self.record,
            version=version_shown(self.request.POST),
            by=self.request.user,
            at=timezone.now(),
        )


class ConflictAction(ActionPage):
    """What a change manager decides about a conflict of a change they may see."""

    model = Conflict
    duties = ("is_change_manager",)
    refusals = (Refused,)
    form_class = ReasonForm
    template_name = "itil/changes/decide.html"
    title = gettext_lazy("Accept the risk")
    success_message = gettext_lazy("Accepted. The reason is kept with the change.")

    def get_queryset(self) -> Any:
        seen = Change.objects.visible_to(self.request.user)
        return Conflict.objects.filter(change__in=seen.values("pk")).told_to(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.POST if self.request.method == "POST" else None}

    def perform(self, form: Any) -> Any:
        return conflict_verbs.acknowledge(
            self.record, by=self.request.user, note=form.cleaned_data["note"], at=timezone.now()
        )

    @property
    def back(self) -> str:
        """Where the person came from, when that is a page of ours."""
        asked = self.request.GET.get("next", "") or self.request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
        return asked if safe else self.record.change.get_absolute_url()

    def get_success_url(self) -> str:
        return self.back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            conflict=self.record,
            back=self.back,
            may_decide=permissions.may_manage(self.request.user, self.record.change),
            **kwargs,
        )


class Exempt(ConflictAction):
    """Let an emergency change into the freeze that it falls into."""

    title = gettext_lazy("Let it into the freeze")
    success_message = gettext_lazy("It may run in this freeze.")

    def perform(self, form: Any) -> Any:
        if self.record.freeze is None:
            raise Refused(_("This conflict is with no freeze."))
        return conflict_verbs.exempt(
            self.record.change,
            self.record.freeze,
            by=self.request.user,
            reason=form.cleaned_data["note"],
            at=timezone.now(),
        )
