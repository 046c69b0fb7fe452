"""States of estimates, and shares of them."""

from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from billing.estimates.lifecycle import State
from billing.estimates.models import Estimate

register = template.Library()

# The shape beside the word; classes of ui/app.css.
SHAPES = {
    State.DRAFT: "wait",
    State.SENT: "sched",
    State.ACCEPTED: "done",
    State.REJECTED: "bad",
    State.EXPIRED: "closed",
    State.SUPERSEDED: "closed",
}


@register.simple_tag
def estimate_badge(estimate: Estimate) -> SafeString:
    return format_html(
        '<span class="st {}">{}</span>', SHAPES[State(estimate.state)], estimate.get_state_display()
    )


@register.filter
def whole_percent(share: Fraction | int | None) -> str:
    """Rounded to whole percent for display; a dash when there is nothing to compare."""
    return "–" if share is None else f"{round(share)} %"
