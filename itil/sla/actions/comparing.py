"""Which agreement would a ticket get, and why no other? (`SLA-4` to `SLA-6`)"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from itil.sla.clock import running
from itil.sla.matching import (
    Facts,
    choose,
    conditions,
    is_in_force,
    matches,
    precedence,
    reason_for,
    terms_of,
)
from itil.sla.models import METRICS_OF, Agreement, SlaClock
from portal.ui.moments import moment_text


@dataclass(frozen=True)
class Candidate:
    """An agreement that was not chosen, and why."""

    agreement: Agreement
    why: str


@dataclass(frozen=True)
class Choice:
    """The agreement of one kind in given circumstances, and all others, the nearest first.

    `clocks` are those that would begin at the receipt, one for each target; not saved.
    """

    kind: Agreement.Kind
    chosen: Agreement | None
    reason: str
    clocks: tuple[SlaClock, ...]
    others: tuple[Candidate, ...]


def compare(facts: Facts, kind: Agreement.Kind) -> Choice:
    """Choose as for a ticket, with an account of every agreement of this kind."""
    there = list(
        Agreement.objects.filter(kind=kind).select_related(
            "calendar", "organization", "service", "location", "team", "supplier"
        )
    )
    chosen = choose((one for one in there if one.active), facts)
    others = sorted((one for one in there if one != chosen), key=lambda one: _nearness(one, facts))
    return Choice(
        kind=kind,
        chosen=chosen,
        reason=reason_for(chosen, facts) if chosen else "",
        clocks=_clocks(chosen, facts) if chosen else (),
        others=tuple(Candidate(one, _why_not(one, chosen, facts)) for one in others),
    )


def _clocks(agreement: Agreement, facts: Facts) -> tuple[SlaClock, ...]:
    terms = terms_of(agreement, facts)
    return tuple(
        running.imagined(terms, metric, facts.received_at)
        for metric in METRICS_OF[Agreement.Kind(agreement.kind)]
        if metric in terms.targets
    )


def _nearness(agreement: Agreement, facts: Facts) -> tuple[object, ...]:
    """What would be chosen next stands first; what is not active last."""
    in_force = is_in_force(agreement, facts.received_at)
    if agreement.active and in_force and matches(agreement, facts):
        return (0, *precedence(agreement, facts))
    unmet = sum(one.is_given and not one.holds for one in conditions(agreement, facts))
    return (1 + (not in_force) + 2 * (not agreement.active), agreement.rank, unmet, agreement.pk)


def _why_not(agreement: Agreement, chosen: Agreement | None, facts: Facts) -> str:
    """Everything that keeps it from being a candidate; of a candidate, what it was beaten by."""
    reasons = []
    if not agreement.active:
        reasons.append(_("not active"))
    at = facts.received_at
    if agreement.valid_from is not None and at < agreement.valid_from:
        reasons.append(
            _("begins %(moment)s") % {"moment": moment_text(agreement.valid_from, now=at)}
        )
    if agreement.valid_to is not None and at >= agreement.valid_to:
        reasons.append(_("ended %(moment)s") % {"moment": moment_text(agreement.valid_to, now=at)})
    unmet = [one.words for one in conditions(agreement, facts) if one.is_given and not one.holds]
    if unmet:
        reasons.append(_("does not hold: %(conditions)s") % {"conditions": ", ".join(unmet)})
    if reasons or chosen is None:
        return "; ".join(reasons)
    return _beaten_by(chosen, agreement, facts)


def _beaten_by(chosen: Agreement, agreement: Agreement, facts: Facts) -> str:
    """The first point of the order (`SLA-5`) in which the chosen one is ahead."""
    points = zip(_POINTS, precedence(chosen, facts), precedence(agreement, facts), strict=True)
    return next(str(say(agreement, chosen)) for say, ours, theirs in points if ours != theirs)


def _rank(agreement: Agreement, chosen: Agreement) -> str:
    ranks = {"rank": agreement.rank, "first": chosen.rank}
    return _("rank %(rank)d goes after rank %(first)d") % ranks


def _organization(agreement: Agreement, chosen: Agreement) -> str:
    if agreement.organization is None:
        return _("less specific: names no organization")
    names = {"farther": agreement.organization, "nearer": chosen.organization}
    return _("%(nearer)s is nearer than %(farther)s") % names


def _says_nothing(words: Any) -> Callable[[Agreement, Agreement], str]:
    return lambda _agreement, _chosen: words


# In the order of `matching.precedence`, which compares the same points.
_POINTS: tuple[Callable[[Agreement, Agreement], str], ...] = (
    _rank,
    _organization,
    _says_nothing(gettext_lazy("less specific: names no service")),
    _says_nothing(gettext_lazy("less specific: names no location")),
    _says_nothing(gettext_lazy("less specific: not for VIPs only")),
    _says_nothing(gettext_lazy("less specific: names no type of ticket")),
    _says_nothing(gettext_lazy("less specific: names no channel")),
    _says_nothing(gettext_lazy("less specific: names no team")),
    _says_nothing(gettext_lazy("less specific: names no supplier")),
    _says_nothing(gettext_lazy("in force for longer; the later one goes first")),
    _says_nothing(gettext_lazy("made later; the earlier one goes first")),
)
