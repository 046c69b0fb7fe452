"""The parts of a page that have one look everywhere. None of these tags makes a query, but for the
number in the navigation, whose page gives it or asks once.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from django import forms, template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.ui import moments

register = template.Library()


class Look(NamedTuple):
    """The tint and the icon of a kind of record."""

    tint: str
    icon: str


KINDS = {
    "incident": Look("inc", icon="alert-circle"),
    "servicerequest": Look("req", icon="package"),
    "problem": Look("prb", icon="bug"),
    "change": Look("chg", icon="git-merge"),
    "release": Look("chg", icon="package"),
}
OTHER_KIND = Look("ci", icon="ticket")
# The shape of a status: by name where the name says more than the phase.
STATUS_SHAPES = {
    "new": "new",
    "submitted": "new",
    "awaiting_approval": "sched",
    "open": "new",
    "pending": "sched",
    "blocked": "wait",
    "done": "done",
    "failed": "bad",
    "resolved": "done",
    "fulfilled": "done",
    "closed": "closed",
    "rejected": "bad",
    "cancelled": "closed",
}
PHASE_SHAPES = {"open": "prog", "waiting": "wait", "done": "closed"}
AVATAR_TINTS = "abcde"


@cache
def _sprite() -> str:
    """The address of the icon sprite; the manifest gives the same one for the process's life."""
    return static("ui/icons.svg")


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of the sprite, for the eye only: the text beside it must say the same."""
    large = " ic-l" if size == "large" else ""
    return format_html(
        '<svg class="ic{}" aria-hidden="true"><use href="{}#{}"/></svg>', large, _sprite(), name
    )


def initials(name: str) -> str:
    """The first letters of the first and last word of a name."""
    words = name.split()
    if not words:
        return "–"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.simple_tag
def avatar(person, size: int = 26) -> SafeString:
    """The initials of a person in a tint that stays theirs; an empty ring for nobody."""
    if person is None:
        return format_html(
            '<span class="av none" style="--av:{}px" aria-hidden="true">–</span>', size
        )
    tint = AVATAR_TINTS[(person.pk or 0) % len(AVATAR_TINTS)]
    return format_html(
        '<span class="av {}" style="--av:{}px" aria-hidden="true">{}</span>',
        tint,
        size,
        initials(person.name),
    )


def _status_shape(ticket) -> str:
    return STATUS_SHAPES.get(ticket.status) or PHASE_SHAPES.get(str(ticket.phase), "prog")


@register.simple_tag
def status_badge(ticket) -> SafeString:
    """The status in the words of staff."""
    return format_html('<span class="st {}">{}</span>', _status_shape(ticket), ticket.status_label)


@register.simple_tag
def public_status(ticket) -> SafeString:
    """The status in the words of the requester."""
    return format_html(
        '<span class="st {}">{}</span>', _status_shape(ticket), ticket.public_status_label
    )


@register.simple_tag
def priority_badge(ticket) -> SafeString:
    return format_html(
        '<span class="pr p{}"><i aria-hidden="true"><b></b></i>{}</span>',
        ticket.priority,
        ticket.get_priority_display(),
    )


@register.simple_tag
def kind_badge(ticket) -> SafeString:
    """The tinted square that says what kind of record this is."""
    look = KINDS.get(ticket.kind, OTHER_KIND)
    return format_html(
        '<span class="ty {}" role="img" aria-label="{}">{}</span>',
        look.tint,
        str(ticket.kind_label).capitalize(),
        icon(look.icon),
    )


@register.simple_tag
def due_badge(ticket, now: datetime | None = None) -> SafeString:
    """How long until the next promise of this ticket is broken. Color only when someone must act.

    The ring shows how much of the time between receipt and due has gone by on the wall clock.
    """
    now = now or timezone.now()
    if ticket.phase == "done":
        text = _("Missed") if ticket.is_breached else "–"
        return format_html('<span class="sla none">{}</span>', text)
    if ticket.due_at is None:
        if ticket.phase == "waiting":
            return format_html('<span class="sla paused">{}</span>', _("Paused"))
        return format_html('<span class="sla none">{}</span>', _("No target"))
    left = (ticket.due_at - now).total_seconds()
    text = moments.duration_text(max(abs(left), moments.MINUTE))
    if left <= 0:
        state, text = "late", _("%(time)s late") % {"time": text}
    elif ticket.at_risk_at is not None and ticket.at_risk_at <= now:
        state = "soon"
    else:
        state = ""
    whole = (ticket.due_at - ticket.received_at).total_seconds()
    share = 100 if left <= 0 or whole <= 0 else min(100, max(0, round(100 * (1 - left / whole))))
    return format_html(
        '<time class="sla {}" style="--p:{}" datetime="{}" data-due="{}" data-risk="{}" '
        'title="{}">{}</time>',
        state,
        share,
        ticket.due_at.isoformat(timespec="seconds"),
        int(ticket.due_at.timestamp()),
        int(ticket.at_risk_at.timestamp()) if ticket.at_risk_at else "",
        _("Due %(moment)s") % {"moment": moments.moment_text(ticket.due_at, now=now)},
        text,
    )


def _time(at: datetime | None, text: str, title: str = "") -> SafeString:
    return format_html(
        '<time datetime="{}"{}>{}</time>',
        timezone.localtime(at).isoformat(timespec="seconds"),
        format_html(' title="{}"', title) if title else "",
        text,
    )


@register.simple_tag
def ago(instant: datetime | None) -> SafeString:
    """How long ago (or ahead), under seven days; the exact moment on hover."""
    if instant is None:
        return mark_safe("–")
    now = timezone.now()
    exact = moments.moment_text(instant, now=now)
    return _time(instant, moments.ago_text(instant, now=now), exact)


@register.simple_tag
def moment(instant: datetime | None) -> SafeString:
    """The day and time in the viewer's zone."""
    if instant is None:
        return mark_safe("–")
    return _time(instant, moments.moment_text(instant, now=timezone.now()))


@register.simple_tag
def span(start: datetime, end: datetime) -> str:
    """From when until when, in the viewer's zone."""
    return moments.span_text(start, end, now=timezone.now())


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as "3h 10m"."""
    return moments.duration_text(seconds)


@register.filter
def hours_minutes(minutes: float | None) -> str:
    """Minutes of work as "118h 30m"."""
    return moments.hours_text(minutes)


@register.simple_tag(takes_context=True)
def waiting_number(context, link) -> SafeString:
    """How much waits behind a link of the navigation, as a small number; nothing for nothing."""
    number = context.get(link.number, 0) if link.number else 0
    count = number() if callable(number) else number
    if not count:
        return SafeString("")
    shown = str(count) if count < 100 else "99+"
    words = ngettext("%(count)s waits for you", "%(count)s wait for you", count) % {"count": shown}
    return format_html(
        '<span class="badge-n brand"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></span>',
        shown,
        words,
    )


@register.simple_tag(takes_context=True)
def is_offered(context, link) -> bool:
    """Whether a link of the navigation is for this person."""
    answer = context.get(link.condition) if link.condition else True
    return bool(answer() if callable(answer) else answer)


@register.simple_tag(takes_context=True)
def query_with(context, **changes) -> str:
    """The current query string with some parts changed; None takes a part out.

    Back to the first page, unless the page itself is what changes.
    """
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def page_url(context, number: int) -> str:
    """This list at another page, with the same filters and order."""
    return query_with(context, page=number)


@register.filter
def control_kind(field) -> str:
    """How a form field is laid out: "check", "choices", "hidden" or "text"."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "text"


@register.simple_tag
def control(field) -> SafeString:
    """The input of a form field in our look."""
    widget = field.field.widget
    if isinstance(widget, forms.Select):
        name = "form-select"
    elif isinstance(widget, forms.CheckboxInput):
        name = "form-check-input"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        # Django gives the classes to the frame around the choices as well as to each of them.
        return field.as_widget()
    else:
        name = "form-control"
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{name} {own}".strip()})
