"""The admin screens of forms: edit, preview with examples, publish."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import (
    DeleteView,
    EditView,
    IndexView,
    PermissionCheckedMixin,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from . import actions
from .definition import Definition, differences, problems
from .errors import FormRefused, NotAllowed
from .forms import AnswerForm, ExampleForm, FieldSetForm
from .models import ExampleAnswers, FieldSet


class FormPolicy(ModelPermissionPolicy):
    """What was published stays: answers are read by it."""

    def user_has_permission_for_instance(self, user, action, instance):
        if action == "delete" and instance.current_id:
            return False
        return super().user_has_permission_for_instance(user, action, instance)


register_permission_policy(FieldSet, FormPolicy(FieldSet))


class FieldSetIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("current")


@method_decorator(transaction.atomic, name="post")
class FieldSetEditView(EditView):
    """Editing, with the way to preview and publication."""

    @cached_property
    def header_buttons(self) -> list[Component]:
        return [
            HeaderButton(
                _now("Preview and examples"),
                url=reverse("forms:preview", args=[self.object.pk]),
                icon_name="view",
            ),
            HeaderButton(
                _now("Publish"),
                url=reverse("forms:publish", args=[self.object.pk]),
                icon_name="upload",
            ),
        ]

    def get_success_url(self):
        """Stay: what follows is a preview or the publication."""
        return self.get_edit_url()


class FieldSetDeleteView(DeleteView):
    def get_object(self, *args, **kwargs):
        """PermissionDenied for a form whose answers must stay readable."""
        found = super().get_object(*args, **kwargs)
        if not self.user_has_permission_for_instance("delete", found):
            raise PermissionDenied
        return found


class FormScreen(PermissionCheckedMixin):
    """A screen about one form, for who may change it."""

    permission_policy = FormPolicy(FieldSet)
    permission_required = "change"

    @cached_property
    def field_set(self) -> FieldSet:
        return get_object_or_404(FieldSet.objects.select_related("current"), pk=self.kwargs["pk"])


class PreviewView(FormScreen, View):
    """The form as it is being edited, in the look of the portal, to be filled in and tried."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(AnswerForm(self.definition, person=request.user))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what would be made of the answers; keep them as an example when asked to."""
        form = AnswerForm(self.definition, request.POST, request.FILES, person=request.user)
        form.is_valid()
        naming = ExampleForm(request.POST if "keep" in request.POST else None)
        if not naming.is_bound:
            return self.page(form, naming)
        if not naming.is_valid():
            return self.page(form, naming, status=422)
        try:
            actions.keep_example(
                self.field_set,
                naming.cleaned_data["name"],
                form.typed,
                error_at=next(iter(form.faults), ""),
                by=request.user,
            )
        except NotAllowed as refusal:
            naming.add_error(None, str(refusal))
            return self.page(form, naming, status=422)
        messages.success(request, _now("The example is kept and tried at every publication."))
        return redirect("forms:publish", pk)

    @cached_property
    def definition(self) -> Definition:
        """The form; nothing of it while its parts do not fit together."""
        drawn = self.field_set.drawn()
        return Definition() if problems(drawn) else drawn

    def page(
        self, form: AnswerForm, naming: ExampleForm | None = None, status: int = 200
    ) -> HttpResponse:
        outcome = None
        if form.is_bound:
            tried = ExampleAnswers(field_set=self.field_set, typed=form.typed)
            outcome = actions.try_example(
                tried, self.definition, by=self.request.user, at=timezone.now()
            )
        context = {
            "field_set": self.field_set,
            "form": form,
            "naming": naming or ExampleForm(),
            "outcome": outcome,
            "problems": problems(self.field_set.drawn()),
        }
        return render(self.request, "itil/fields/admin/preview.html", context, status=status)


class PublishView(FormScreen, WagtailAdminTemplateMixin, TemplateView):
    """What changes with the publication, what stands against it, and what the examples say."""

    template_name = "itil/fields/admin/publish.html"
    header_icon = "form"

    def get_page_title(self) -> str:
        return _now("Publish “%(form)s”") % {"form": self.field_set}

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("forms:edit", args=[self.field_set.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("forms:index"), "label": _now("Forms")},
            {"url": edit, "label": str(self.field_set)},
            {"url": "", "label": _now("Publish")},
        ]

    def get_context_data(self, **kwargs):
        current = self.field_set.current
        drawn = self.field_set.drawn()
        found = problems(drawn)
        now = timezone.now()
        outcomes = (
            []
            if found
            else actions.try_examples(self.field_set, drawn, by=self.request.user, at=now)
        )
        return super().get_context_data(
            **{
                "field_set": self.field_set,
                "problems": found,
                "differences": differences(current.questions, drawn) if current else [],
                "is_unchanged": current is not None and current.questions == drawn,
                "outcomes": outcomes,
                "is_ready": not found and all(outcome.is_met for outcome in outcomes),
            }
            | kwargs
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            version = actions.publish(self.field_set, by=request.user, at=timezone.now())
        except NotAllowed as refusal:
            return self.refused([str(refusal)])
        except FormRefused as refusal:
            return self.refused(list(refusal.problems))
        messages.success(
            request, _now("Version %(number)s is published.") % {"number": version.number}
        )
        return redirect("forms:edit", pk)

    def refused(self, reasons: list[str]) -> HttpResponse:
        context = self.get_context_data(problems=reasons, is_ready=False)
        return self.render_to_response(context, status=422)


class ForgetExampleView(FormScreen, View):
    """Takes an example away."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, example: int) -> HttpResponse:
        found = get_object_or_404(ExampleAnswers, field_set=self.field_set, pk=example)
        try:
            actions.forget_example(found, by=request.user)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return redirect("forms:publish", pk)


class FieldSetViewSet(ModelViewSet):
    model = FieldSet
    name = "forms"
    url_prefix = "forms"
    icon = "form"
    menu_label = _("Forms")
    menu_order = 250
    add_to_admin_menu = True
    search_fields = ["name"]
    list_display = [
        "name",
        Column("state", label=_("Filled in now")),
        DateColumn("published", label=_("Published"), accessor="current.published_at"),
    ]
    index_view_class = FieldSetIndexView
    edit_view_class = FieldSetEditView
    delete_view_class = FieldSetDeleteView
    edit_handler = ObjectList(
        [FieldPanel("name"), FieldPanel("draft")], base_form_class=FieldSetForm
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/preview/", PreviewView.as_view(), name="preview"),
            path("<int:pk>/publish/", PublishView.as_view(), name="publish"),
            path(
                "<int:pk>/examples/<int:example>/forget/",
                ForgetExampleView.as_view(),
                name="forget_example",
            ),
        ]


@hooks.register("register_admin_viewset")
def register_forms():
    return FieldSetViewSet()


@hooks.register("register_log_actions")
def register_publication(registry):
    registry.register_action("fields.publish", _("Publish form"), _("Published the form"))
