"""Small things that only the pages of changes need."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from itil.approvals.models import ApprovalProcess
from itil.changes import permissions
from itil.changes.definition import Risk
from itil.changes.lifecycle import ChangeType, Status
from itil.changes.models import (
    Announcement,
    CausedIncident,
    Change,
    Conflict,
    PostImplementationReview,
    TemplateEvent,
)
from itil.tasks.models import Task
from itil.tasks.permissions import may_plan as may_plan_tasks
from itil.tickets.models import Ticket
from portal.people.models import User

register = template.Library()

_TONE = {Risk.LOW: "ok", Risk.MEDIUM: "warn", Risk.HIGH: "bad"}


@register.simple_tag
def risk_chip(risk: str) -> SafeString:
    """The risk as a chip; nothing was computed yet: a dash."""
    if not risk:
        return SafeString("–")
    return format_html('<span class="chip {}">{}</span>', _TONE[Risk(risk)], Risk(risk).label)


@register.simple_tag
def plan_parts(record: Any) -> list[dict[str, Any]]:
    """The plans of a change or a template with their labels and icons."""
    icons = {
        "plan": "list-check",
        "test_plan": "checks",
        "back_out_plan": "arrow-back-up",
        "communication_plan": "speakerphone",
    }
    labels = {
        "plan": _("Steps"),
        "test_plan": _("Test"),
        "back_out_plan": _("Back-out"),
        "communication_plan": _("Communication"),
    }
    return [
        {"label": labels[name], "icon": icon, "text": getattr(record, name)}
        for name, icon in icons.items()
        if getattr(record, name) or name in ("plan", "test_plan", "back_out_plan")
    ]


@register.simple_tag
def may_be_moved(change: Change, user: User) -> bool:
    """Whether `user` may give it another window. Reads the standing of the user once."""
    return permissions.may_plan(user, change)


@register.simple_tag
def move_url(change: Change, span: tuple[datetime, datetime]) -> str:
    """The form for another window, filled in with this one in the viewer's zone."""
    start, end = (f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}" for moment in span)
    query = urlencode({"planned_start": start, "planned_end": end})
    return f"{reverse('changes:move_window', args=[change.number])}?{query}"


@register.simple_tag
def calendar_url(change: Change) -> str:
    """The calendar around its window, with what stands against it and when else there is room."""
    query: dict[str, Any] = {"change": change.number}
    if change.planned_start is not None:
        query["on"] = timezone.localdate(change.planned_start).isoformat()
    return f"{reverse('changes:calendar')}?{urlencode(query)}"


def path_of(change: Change) -> list[dict[str, str]]:
    """The statuses of its type in order: those passed, the present one and those to come."""
    order = [Status.DRAFT, Status.ASSESSMENT, Status.AUTHORIZATION, Status.SCHEDULED]
    if change.change_type == ChangeType.EMERGENCY:
        order.remove(Status.ASSESSMENT)
    elif change.change_type == ChangeType.STANDARD:
        order = [Status.DRAFT, Status.SCHEDULED]
    order += [Status.IMPLEMENTATION, Status.REVIEW, Status.CLOSED]
    if change.status == Status.CANCELLED:
        order = [Status.DRAFT, Status.CANCELLED]
    here = order.index(Status(change.status)) if change.status in order else 0
    return [
        {
            "label": str(status.label),
            "css": "now" if index == here else "past" if index < here else "",
        }
        for index, status in enumerate(order)
    ]


@register.inclusion_tag("itil/changes/_desk.html", takes_context=True)
def change_of(context: Any, ticket: Ticket, user: User) -> dict[str, Any]:
    """What the desk sees of a change beside what every ticket shows."""
    change = Change.objects.select_related("template", "assignee").get(pk=ticket.pk)
    tasks = Task.objects.visible_to(user).of(change).select_related("team", "assignee")
    suspects = CausedIncident.objects.filter(change=change).select_related("incident")
    seen = Ticket.objects.visible_to(user).filter(pk__in=suspects.values("incident"))
    # A manager reads no texts (`c5`): no reasons, plans, votes.
    reads = permissions.may_read_plans(user, change)
    conflicts = Conflict.objects.present().filter(change=change).told_to(user)
    reviews = PostImplementationReview.objects.filter(change=change).select_related("written_by")
    return {
        "request": context.get("request"),
        "change": change,
        "ticket": change,
        "path": path_of(change),
        "implementers": change.implementers.all(),
        "reads": reads,
        "conflicts": list(conflicts) if reads else [],
        "may_accept": permissions.may_manage(user, change),
        "back": change.get_absolute_url(),
        "process": ApprovalProcess.objects.of(change).first() if reads else None,
        "tasks": tasks,
        "may_plan": permissions.may_plan(user, change),
        "may_plan_tasks": may_plan_tasks(user, change),
        "may_review": permissions.may_review(user, change),
        "may_manage": permissions.may_manage(user, change),
        "suspects": suspects.filter(incident__in=seen.values("pk")) if suspects else [],
        "review": reviews.first() if reads else None,
        "announcement": Announcement.objects.filter(change=change).first(),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def template_event(event: TemplateEvent) -> str:
    """What happened to a template, in words."""
    name = event.actor.name if event.actor else _("The system")
    words = {
        "proposed": _("%(name)s proposed it"),
        "edited": _("%(name)s changed the proposal"),
        "agreed": _("%(name)s agreed as change manager"),
        "voted": _("%(name)s voted"),
        "approved": _("It is in force"),
        "suspended": _("%(name)s suspended it"),
        "expired": _("Its day of review has come"),
        "retired": _("%(name)s retired it"),
    }
    text = words.get(event.what, event.what) % {"name": name}
    note = event.data.get("note") or event.data.get("reason")
    return f"{text}: {note}" if note else text
