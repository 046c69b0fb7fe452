"""The administrator's view of outgoing mail: what waits, what went, what was given up and why."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import OutgoingMail


class ReadOnly(ModelPermissionPolicy):
    """Who may see it may see it; nobody may write or remove it by hand."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)


class OutgoingMailViewSet(ModelViewSet):
    model = OutgoingMail
    icon = "mail"
    menu_label = _("Outgoing mail")
    menu_order = 850
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    ordering = ["-created_at"]
    list_display = ["subject", "to", "state", "attempts", "created_at", "next_at", "error"]
    list_filter = ["state"]
    search_fields = ["to", "subject", "error"]
    inspect_view_fields = [
        "subject",
        "to",
        "sender",
        "state",
        "attempts",
        "created_at",
        "next_at",
        "sent_at",
        "error",
        "mail_id",
        "in_reply_to",
        "key",
    ]
    # Wagtail asks for the fields of a form that nobody may open.
    form_fields = ["state"]


@hooks.register("register_admin_viewset")
def outgoing_mail():
    register_permission_policy(OutgoingMail, ReadOnly(OutgoingMail))
    return OutgoingMailViewSet()
