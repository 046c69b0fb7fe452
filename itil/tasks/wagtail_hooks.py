"""The admin screens of plans: edit, compare, publish."""

from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import (
    DeleteView,
    EditView,
    IndexView,
    PermissionCheckedMixin,
    WagtailAdminTemplateMixin,
)
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from itil.tickets.errors import Refused

from .actions.publishing import differences, faults, publish
from .forms import PlanTaskForm
from .models import TaskPlan


class TasksPanel(InlinePanel):
    """The rows of a plan, entered through a form of ours."""

    def get_form_options(self):
        options = super().get_form_options()
        options["formsets"][self.relation_name] |= {"form": PlanTaskForm}
        return options


class PlanIndexView(IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("current")


class PlanEditView(EditView):
    """Editing, with the way to the publication."""

    @cached_property
    def header_more_buttons(self) -> list[Component]:
        url = reverse("task_plans:publish", args=[self.object.pk])
        button = Button(_now("Publish"), url=url, icon_name="upload", priority=5)
        return [button, *super().header_more_buttons]

    success_message = _("“%(object)s” is saved. It is in force when it is published.")

    def get_success_url(self):
        """Stay: what follows is the publication."""
        return self.get_edit_url()

    def get_success_buttons(self):
        url = reverse("task_plans:publish", args=[self.object.pk])
        return [messages.button(url, _now("Publish"))]


class PlanDeleteView(DeleteView):
    """What was published stays: tasks were made by it."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ProtectedError:
            text = _now("%(name)s was published, and tasks may have been made by it. It stays.")
            messages.error(self.request, text % {"name": self.object.name})
            return redirect("task_plans:edit", self.object.pk)


class PublishView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What changes with the publication, and what stands against it."""

    permission_policy = ModelPermissionPolicy(TaskPlan)
    permission_required = "change"
    template_name = "itil/tasks/admin/publish.html"
    page_title = _("Publish")
    header_icon = "tasks"

    @cached_property
    def plan(self) -> TaskPlan:
        return get_object_or_404(TaskPlan, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.plan)

    def get_breadcrumbs_items(self) -> list[dict]:
        edit = reverse("task_plans:edit", args=[self.plan.pk])
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("task_plans:index"), "label": _now("Plans of tasks")},
            {"url": edit, "label": str(self.plan)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs):
        entered, current = self.plan.as_entered(), self.plan.current
        found = faults(self.plan, entered, at=timezone.now())
        return super().get_context_data(
            **{
                "plan": self.plan,
                "current": current,
                "faults": found,
                "differences": differences(current.content, entered) if current else [],
                "is_unchanged": current is not None and current.definition == entered.as_data(),
            }
            | kwargs
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            version = publish(self.plan, by=request.user, at=timezone.now())
        except Refused as refusal:
            context = self.get_context_data()
            context["faults"] = context["faults"] or [str(refusal)]
            return self.render_to_response(context, status=422)
        text = _now("Version %(number)s is published.") % {"number": version.number}
        messages.success(request, text)
        return redirect("task_plans:edit", pk)


class TaskPlanViewSet(ModelViewSet):
    model = TaskPlan
    name = "task_plans"
    url_prefix = "task-plans"
    icon = "tasks"
    menu_label = _("Plans of tasks")
    menu_order = 252
    add_to_admin_menu = True
    search_fields = ["name"]
    list_display = ["name", Column("state", label=_("New work goes by"))]
    index_view_class = PlanIndexView
    edit_view_class = PlanEditView
    delete_view_class = PlanDeleteView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel(
                "calendar", help_text=_("Due times count by its hours, from the start of the plan.")
            ),
            TasksPanel(
                "tasks",
                label=_("Task"),
                heading=_("Tasks"),
                panels=[
                    FieldRowPanel([FieldPanel("title"), FieldPanel("key")]),
                    FieldPanel("text"),
                    FieldRowPanel([FieldPanel("team"), FieldPanel("person")]),
                    FieldPanel("after"),
                    FieldRowPanel([FieldPanel("due_amount"), FieldPanel("due_unit")]),
                    FieldRowPanel([FieldPanel("is_optional"), FieldPanel("visible_to_requester")]),
                    FieldPanel("checklist"),
                    FieldPanel("evidence"),
                    FieldRowPanel(
                        [FieldPanel("condition_question"), FieldPanel("condition_value")]
                    ),
                    FieldPanel("answers"),
                ],
            ),
        ]
    )

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/publish/", PublishView.as_view(), name="publish"),
        ]


@hooks.register("register_admin_viewset")
def register_plans():
    return TaskPlanViewSet()
