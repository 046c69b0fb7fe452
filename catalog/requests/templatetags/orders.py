"""Small things that only the pages of orders need."""

from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import format_currency
from django import template
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from catalog.requests.models import ServiceRequest
from catalog.requests.permissions import may_change
from catalog.requests.timeline import answers_of
from itil.approvals.models import ApprovalProcess
from itil.tasks.models import Task
from itil.tasks.permissions import may_plan
from portal.people.models import User

register = template.Library()


@register.simple_tag
def amount(value: Decimal, currency: str) -> str:
    """An amount with its currency and decimals, as sums are shown: €1,890.00."""
    locale = to_locale(get_language() or "en-gb")
    return format_currency(value, currency or "EUR", locale=locale)


@register.filter
def names(people: Iterable[User]) -> str:
    """Ann, Bo or Cleo, as far as they let a requester know that they decide."""
    shown = dict.fromkeys(person.name_as_approver for person in people)
    return get_text_list(list(shown), _("or"))


@register.inclusion_tag("catalog/requests/_desk.html")
def order_of(ticket, user: User) -> dict[str, object]:
    """What the desk sees of an order beside what every ticket shows: five queries or fewer."""
    request = ServiceRequest.objects.select_related(
        "form_version", "bundle", "cost_centre", "item", "requester", "requested_for"
    ).get(pk=ticket.pk)
    tasks = Task.objects.visible_to(user).of(request).select_related("team", "assignee")
    return {
        "ticket": request,
        "answers": answers_of(request),
        "process": ApprovalProcess.objects.of(request).first(),
        "tasks": tasks,
        "may_plan": may_plan(user, request),
        "may_change": may_change(user, request),
        "now": timezone.now(),
    }
