"""What a change would do to a clock, in words and numbers."""

from datetime import datetime

from django import template
from django.utils.translation import gettext as _

from itil.sla.actions import Effect
from itil.sla.models import ClockState, Outcome, SlaClock
from portal.ui.moments import hours_text, moment_text

register = template.Library()


@register.filter
def in_words(effect: Effect, now: datetime) -> str:
    """One sentence in the viewer's zone, to be read after the name of the clock."""
    before, after = effect.before, effect.after
    if after is None:
        return _ends(before, now)
    if effect.breaches:
        words = {"moment": moment_text(after.breached_at, now=now)}
        return _("would be missed at once (since %(moment)s)") % words
    if before is None:
        return _begins(after, now)
    words = {
        "due": _due(after, now),
        "former": _due(before, now),
        "target": hours_text(after.target_seconds / 60),
        "former_target": hours_text(before.target_seconds / 60),
        "left": hours_text((after.target_seconds - after.elapsed_seconds) / 60),
        "former_left": hours_text((before.target_seconds - before.elapsed_seconds) / 60),
    }
    if after.state == ClockState.PAUSED:
        return _("paused; %(left)s left when it goes on instead of %(former_left)s") % words
    if not words["due"]:
        return _("%(target)s each time instead of %(former_target)s") % words
    if not words["former"]:
        return _("due %(due)s; it stands still now") % words
    if words["due"] == words["former"]:
        return _("due %(due)s as before, but %(target)s instead of %(former_target)s") % words
    return _("due %(due)s instead of %(former)s") % words


@register.filter
def breaches(effects: list[Effect]) -> bool:
    """True when any clock would be missed."""
    return any(effect.breaches for effect in effects)


def _due(clock: SlaClock, now: datetime) -> str:
    return moment_text(clock.due_at, now=now) if clock.due_at else ""


def _ends(before: SlaClock | None, now: datetime) -> str:
    former = _due(before, now) if before else ""
    if former:
        return _("no longer promised; it was due %(former)s") % {"former": former}
    return _("no longer promised")


def _begins(after: SlaClock, now: datetime) -> str:
    if after.outcome == Outcome.MET:
        return _("promised as well, and met")
    if due := _due(after, now):
        return _("promised as well, due %(due)s") % {"due": due}
    return _("promised as well: %(target)s") % {"target": hours_text(after.target_seconds / 60)}
