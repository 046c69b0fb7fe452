"""The administrator's page of work that failed: what it was, why, and the way to try it again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from portal.outbox import actions as outbox
from portal.outbox.models import OutgoingMail

from . import dispatch
from .models import FailedReaction

# The newest of each; whoever has more mends the cause and tries all again.
SHOWN = 100


class AdministratorsOnly:
    """Subjects of mails and errors may tell of any ticket."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.grants.is_administrator:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class FailedWork(AdministratorsOnly, WagtailAdminTemplateMixin, TemplateView):
    """Mail that was given up, and reactions to events that raised an error."""

    template_name = "portal/worker/admin/failed.html"
    page_title = _("Failed work")
    header_icon = "warning"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        mails = OutgoingMail.objects.given_up()
        reactions = FailedReaction.objects.all()
        return super().get_context_data(
            mails=mails.order_by("-pk")[:SHOWN],
            mail_count=mails.count(),
            reactions=reactions.select_related("event__ticket").order_by("-pk")[:SHOWN],
            reaction_count=reactions.count(),
            **kwargs,
        )


class TryAgain(AdministratorsOnly, View):
    """POST puts one piece of work back in its queue, or all of its kind without a number."""

    def post(self, request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
        count = again(kind, pk)
        if count:
            text = ngettext(
                "%(count)d is tried again now.", "%(count)d are tried again now.", count
            )
            messages.success(request, text % {"count": count})
        else:
            messages.info(request, _now("It was tried again or done in the meantime."))
        return redirect("failed_work:index")


def again(kind: str, pk: int | None) -> int:
    """How many were put back."""
    now = timezone.now()
    if kind == "reaction":
        return dispatch.try_again(now, pk)
    if pk is None:
        return outbox.try_all_again(now)
    mail = OutgoingMail.objects.filter(pk=pk).first()
    return int(mail is not None and outbox.try_again(mail, now))


class FailedWorkItem(MenuItem):
    def is_shown(self, request):
        return request.user.grants.is_administrator


ADDRESSES = [
    path("", FailedWork.as_view(), name="index"),
    *(
        address
        for kind in ("mail", "reaction")
        for address in (
            path(f"{kind}/again/", TryAgain.as_view(), {"kind": kind}, name=f"all_{kind}"),
            path(f"{kind}/<int:pk>/again/", TryAgain.as_view(), {"kind": kind}, name=kind),
        )
    ),
]


@hooks.register("register_admin_urls")
def failed_work_addresses():
    return [path("failed/", include((ADDRESSES, "failed_work")))]


@hooks.register("register_admin_menu_item")
def failed_work_item():
    return FailedWorkItem(
        _("Failed work"), reverse("failed_work:index"), icon_name="warning", order=860
    )
