"""The admin screens of agreements."""

from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogFormatter

from itil.sla.actions.versions import KEPT
from itil.sla.models import Agreement

from .bench import BenchView
from .editing import (
    AgreementCopyView,
    AgreementCreateView,
    AgreementDeleteView,
    AgreementEditView,
)
from .panels import EDIT_HANDLER
from .reading import AgreementIndexView, AgreementInspectView, AgreementVersionsView


class AgreementViewSet(ModelViewSet):
    model = Agreement
    icon = "clipboard-list"
    menu_label = _("Agreements")
    menu_order = 300
    add_to_settings_menu = True
    template_prefix = "itil/"
    list_display = ["name", "kind", "calendar", "rank", "is_default", "active", "version"]
    list_filter = ["kind", "active", "calendar"]
    search_fields = ["name"]
    inspect_view_enabled = True
    index_view_class = AgreementIndexView
    add_view_class = AgreementCreateView
    copy_view_class = AgreementCopyView
    edit_view_class = AgreementEditView
    delete_view_class = AgreementDeleteView
    inspect_view_class = AgreementInspectView
    edit_handler = EDIT_HANDLER

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("which/", BenchView.as_view(), name="bench"),
            path("versions/<int:pk>/", AgreementVersionsView.as_view(), name="versions"),
        ]


@hooks.register("register_admin_viewset")
def register_agreements():
    return AgreementViewSet("agreements")


@hooks.register("register_log_actions")
def register_versions(actions):
    """Each saved version is a line of the history, with all that it says."""

    @actions.register_action(KEPT)
    class VersionFormatter(LogFormatter):
        label = _("Save a version of an agreement")

        def format_message(self, log_entry):
            number = log_entry.data["definition"]["version"]
            if log_entry.data["found"]:
                return _now("Version %(number)d, as it was found") % {"number": number}
            return _now("Version %(number)d saved") % {"number": number}
