"""Before and after as people read it: shares, differences, bars."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from itil.sla.models import Metric
from reports.metrics.comparison import Comparison, Tally

from . import words
from .differences import points, told


@dataclass(frozen=True)
class Half:
    """One side of a line: the share, of how many, and the length of its bar in percent."""

    share: str
    counted: str
    length: str


@dataclass(frozen=True)
class Line:
    """A group before and after. `arrow` and `tone` say the same as `change`."""

    label: str
    before: Half
    after: Half
    change: str
    arrow: str
    tone: str
    worse: str
    better: str
    beside: str


@dataclass(frozen=True)
class Group:
    """The lines of one measure."""

    title: str
    lines: list[Line]


def line(label: str, found: Comparison) -> Line:
    before, after = found.before, found.after
    difference = points((after.met, after.decided), (before.met, before.decided))
    size = {"points": words.decimal(abs(difference or 0))}
    return Line(
        label=label,
        before=_half(before),
        after=_half(after),
        worse=words.count(found.worse),
        better=words.count(found.better),
        beside=_beside(after),
        **told(
            difference,
            more=_("%(points)s pts more") % size,
            less=_("%(points)s pts less") % size,
            same=_("no different"),
            more_is=+1,
            unknown=words.not_available(),
        ),
    )


def groups(
    found: Mapping[tuple[str, int], Comparison],
    name: Callable[[int], str],
    *,
    by_name: bool = False,
) -> list[Group]:
    """The lines by measure, in the order of `found` or by name; `name` says what a number is.

    The measures with the most changes come first.
    """
    lines: dict[str, list[Line]] = {}
    changes: Counter[str] = Counter()
    for (metric, number), comparison in found.items():
        lines.setdefault(metric, []).append(line(name(number), comparison))
        changes[metric] += comparison.worse + comparison.better
    if by_name:
        for parts in lines.values():
            parts.sort(key=lambda part: part.label)
    order = sorted(lines, key=lambda metric: -changes[metric])
    return [Group(str(Metric(metric).label), lines[metric]) for metric in order]


def sentence(found: Mapping[str, Comparison], *, tried: bool) -> str:
    """What the changes come to, over all measures; nothing may have been `tried`."""
    if not tried:
        return _("Nothing is tried yet: choose other hours, targets or pauses.")
    better = sum(one.better for one in found.values())
    worse = sum(one.worse for one in found.values())
    if not better and not worse:
        return _("No promise changes sides.")
    parts = []
    if better:
        parts.append(
            ngettext(
                "%(count)s promise that was missed would have been kept.",
                "%(count)s promises that were missed would have been kept.",
                better,
            )
            % {"count": words.count(better)}
        )
    if worse:
        parts.append(
            ngettext(
                "%(count)s promise that was not missed would have been.",
                "%(count)s promises that were not missed would have been.",
                worse,
            )
            % {"count": words.count(worse)}
        )
    return " ".join(parts)


def _half(tally: Tally) -> Half:
    n = tally.decided
    return Half(
        share=words.percent(tally.met, n),
        counted=_("of %(count)s") % {"count": words.count(n)},
        length=f"{100 * tally.met / n:.2f}" if n else "0",
    )


def _beside(tally: Tally) -> str:
    """What is not in the share: undecided and left out."""
    return _("%(pending)s pending, %(excluded)s left out") % {
        "pending": words.count(tally.pending),
        "excluded": words.count(tally.excluded),
    }
