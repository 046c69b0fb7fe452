"""The admin screens of the mail channel: mailboxes to set up, incoming mail to look into."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import InspectView, WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from .forms import MailboxForm
from .models import InboundMail, Mailbox


class ReadOnlyPolicy(ModelPermissionPolicy):
    """What happened is looked at, never edited: nobody adds, changes or deletes it here."""

    def user_has_permission(self, user, action):
        return action == "view" and super().user_has_permission(user, action)


register_permission_policy(InboundMail, ReadOnlyPolicy(InboundMail))


class MailboxViewSet(ModelViewSet):
    model = Mailbox
    icon = "mail"
    list_display = ["name", "address", "team", "active", "last_polled_at", "last_error"]
    list_filter = ["active", "team"]
    search_fields = ["name", "address"]
    inspect_view_enabled = False

    def get_form_class(self, for_update=False):  # noqa: FBT002 - Wagtail's signature.
        return MailboxForm


class AdministratorsOnly:
    """Raw mail holds all that anyone wrote: only administrators touch it."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.grants.is_administrator:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class InboundMailInspectView(InspectView):
    """One mail and what became of it, with the way to its bytes and, from quarantine, back."""

    @cached_property
    def header_more_buttons(self) -> list[Component]:
        if not self.request.user.grants.is_administrator:
            return []
        buttons = [
            Button(
                _now("Download the mail"),
                url=reverse("inbound_mail:raw", args=[self.object.pk]),
                icon_name="download",
                priority=10,
            )
        ]
        if self.object.state == InboundMail.State.QUARANTINED:
            buttons.append(
                Button(
                    _now("Process again"),
                    url=reverse("inbound_mail:again", args=[self.object.pk]),
                    icon_name="rotate",
                    priority=5,
                )
            )
        return buttons


class RawMailView(AdministratorsOnly, View):
    """The bytes as they came, always as a download."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        inbound = get_object_or_404(InboundMail.objects.select_related("raw"), pk=pk)
        return HttpResponse(
            bytes(inbound.raw.content),
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="mail-{inbound.pk}.eml"',
                "X-Content-Type-Options": "nosniff",
            },
        )


class ProcessAgainView(AdministratorsOnly, WagtailAdminTemplateMixin, TemplateView):
    """Asks, then gives a quarantined mail another try."""

    template_name = "portal/mailbox/admin/process_again.html"
    page_title = _("Process again")

    def get_context_data(self, **kwargs):
        inbound = get_object_or_404(InboundMail.objects.quarantined(), pk=self.kwargs["pk"])
        back = reverse("inbound_mail:inspect", args=[inbound.pk])
        return super().get_context_data(mail=inbound, back_url=back, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        # Large import: what takes mail apart stays out of the web process until somebody asks.
        from .actions import reprocess  # noqa: PLC0415

        inbound = get_object_or_404(InboundMail.objects.quarantined(), pk=pk)
        reprocess(inbound)
        if inbound.state == InboundMail.State.QUARANTINED:
            messages.error(
                request, _now("It is still in quarantine: %(why)s") % {"why": inbound.reason}
            )
        else:
            messages.success(
                request, _now("Processed: %(state)s.") % {"state": inbound.get_state_display()}
            )
        return redirect("inbound_mail:inspect", inbound.pk)


class InboundMailViewSet(ModelViewSet):
    """Read-only; see ReadOnlyPolicy."""

    model = InboundMail
    name = "inbound_mail"
    url_prefix = "mailbox/inbound"
    icon = "download"
    menu_label = _("Incoming mail")
    list_display = ["subject", "sender", "server_date", "state", "ticket", "reason"]
    list_filter = ["state", "mailbox", "is_automatic"]
    search_fields = ["subject", "sender", "mail_id"]
    ordering = ["-server_date"]
    form_fields = ["state"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_class = InboundMailInspectView
    inspect_view_fields = [
        "subject",
        "sender",
        "recipients",
        "mailbox",
        "server_date",
        "stored_at",
        "state",
        "reason",
        "is_automatic",
        "ticket",
        "excerpt",
        "mail_id",
        "sha256",
    ]

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),
            path("raw/<int:pk>/", RawMailView.as_view(), name="raw"),
            path("again/<int:pk>/", ProcessAgainView.as_view(), name="again"),
        ]


class MailGroup(ModelViewSetGroup):
    menu_label = _("Mail")
    menu_icon = "mail"
    menu_order = 230
    items = (MailboxViewSet(), InboundMailViewSet())


@hooks.register("register_admin_viewset")
def mail_screens():
    return MailGroup()
