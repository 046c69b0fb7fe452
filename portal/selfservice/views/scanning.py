"""The code on a thing: report a problem with it, signed in or not; and one's own devices."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from itil.cmdb.actions import label_items
from itil.cmdb.models import ConfigurationItem, ItemLabel
from itil.cmdb.querysets import key_of
from itil.desk.permissions import may_follow
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import LabelReport, Ticket
from portal.selfservice import actions
from portal.selfservice.actions import Visitor, service_of
from portal.selfservice.forms import LabelForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_by_label(request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """The form of the item, filled in as far as it is known; what was typed stays when refused."""
    label = _label(code)
    if label is None:
        # The same for a revoked code and for one that never was: it tells nothing.
        return render(request, "portal/selfservice/label_gone.html", status=404)
    by = request.user if request.user.is_authenticated else None
    problems = _problems(label)
    if request.method != "POST":
        return _show(request, label, LabelForm(problems=problems, is_visitor=by is None))
    form = LabelForm(request.POST, request.FILES, problems=problems, is_visitor=by is None)
    if not form.is_valid():
        return _show(request, label, form, status=422)
    values = form.cleaned_data
    visitor = None if by else Visitor(values["name"], values["email"], values["phone"])
    try:
        report = actions.report_by_label(
            label,
            by=by,
            visitor=visitor,
            key=values["key"],
            problem=values["problem"],
            text=values["text"],
            origin=_origin(request),
            attachments=values["files"],
            at=timezone.now(),
        )
    except Refused as refusal:
        field = refusal.field if isinstance(refusal, MissingValue) else None
        form.add_error(field if field in form.fields else None, str(refusal))
        return _show(request, label, form, status=409)
    if by:
        text = _("Sent. Number %(number)s. We e-mailed you a copy.")
        messages.success(request, text % {"number": report.ticket.number})
        return redirect("selfservice:request", number=report.ticket.number)
    return redirect("selfservice:report-sent", report.uuid)


@require_safe
def report_sent(request: HttpRequest, report: uuid.UUID) -> HttpResponse:
    """What a visitor is told: the number, and that a mail is on its way."""
    found = get_object_or_404(LabelReport.objects.select_related("ticket"), uuid=report)
    return render(request, "portal/selfservice/report_sent.html", {"report": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_report(request: HttpRequest, report: uuid.UUID) -> HttpResponse:
    """The link of the mail; a button, because mail readers follow links by themselves."""
    found = get_object_or_404(
        LabelReport.objects.select_related("ticket").exclude(email=""), uuid=report
    )
    refused = ""
    if request.method == "POST":
        try:
            found = actions.confirm_report(found, at=timezone.now())
        except Refused as refusal:
            refused = str(refusal)
    context = {"report": found, "refused": refused}
    status = 409 if refused else 200
    return render(request, "portal/selfservice/report_confirm.html", context, status=status)


@login_required
@require_POST
def affects_me_too(request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """Follow what was reported about the item already."""
    label = _label(code)
    ticket = _reported(label).first() if label else None
    if label is None or ticket is None:
        raise Http404
    try:
        actions.join_report(ticket, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("selfservice:item-report", code)
    messages.success(request, _("You get the news about %(number)s.") % {"number": ticket.number})
    return redirect("selfservice:item-report", code)


@login_required
@require_safe
def my_devices(request: HttpRequest) -> HttpResponse:
    """What this person holds, each with the way to report a problem."""
    items = ConfigurationItem.objects.held_by_person(request.user)
    items = items.select_related("item_class", "location").order_by("name", "pk")
    return render(request, "portal/selfservice/devices.html", {"items": items})


@login_required
@require_POST
def report_device(request: HttpRequest, number: str) -> HttpResponse:
    """To the form of a device one holds: that of its code, which it is given when it has none."""
    held = ConfigurationItem.objects.held_by_person(request.user)
    item = get_object_or_404(held, pk=key_of(number) or 0)
    (label,) = label_items([item], by=None, at=timezone.now())
    return redirect("selfservice:item-report", label.code)


def _label(code: uuid.UUID) -> ItemLabel | None:
    """The label in force with this code, with what the form says of its item or its place."""
    labels = ItemLabel.objects.select_related(
        "item__item_class", "item__location", "location__organization"
    )
    return labels.filter(code=code, revoked_at__isnull=True).first()


def _problems(label: ItemLabel) -> list[str]:
    """What is often wrong with such an item; nothing is often wrong with a place."""
    lines = label.item.item_class.common_problems.splitlines() if label.item else []
    return [line.strip() for line in lines if line.strip()]


def _reported(label: ItemLabel):
    """The open tickets about the item, or by labels of the place, that are no secret; the latest
    first.
    """
    about = (
        Q(item_links__item=label.item)
        if label.item
        else Q(label_reports__label__location=label.location_id)
    )
    tickets = Ticket.objects.open().filter(about, kind="incident").distinct()
    return tickets.filter(is_confidential=False).order_by("-received_at", "-pk")


def _origin(request: HttpRequest) -> str:
    """A digest of the network address: enough to count, no use to find anybody by."""
    return salted_hmac("label-report", request.META.get("REMOTE_ADDR", "")).hexdigest()


def _show(
    request: HttpRequest, label: ItemLabel, form: LabelForm, status: int = 200
) -> HttpResponse:
    item, user = label.item, request.user
    reported = list(_reported(label)[:20])
    latest = reported[0] if reported else None
    context = {
        "label": label,
        "item": item,
        "service": service_of(item) if item else None,
        "form": form,
        "reported": len(reported),
        "latest": latest,
        # Whoever may follow it may read what it says.
        "may_join": latest is not None and user.is_authenticated and may_follow(user, latest),
        "is_in_warranty": item
        and item.warranty_until
        and item.warranty_until >= timezone.localdate(),
        "files_lost": bool(request.FILES),
    }
    return render(request, "portal/selfservice/scan.html", context, status=status)
