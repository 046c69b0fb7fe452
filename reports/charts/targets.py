"""The table in which other targets are written down, with what is promised now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from itil.sla.models import Metric
from itil.tickets.models import Priority
from reports.metrics.comparison import Usual

HOUR, MINUTE = 3600, 60


@dataclass(frozen=True)
class Cell:
    """Where to write a target; `now` is the present one, empty where nothing was promised."""

    field: BoundField
    now: str


@dataclass(frozen=True)
class Row:
    label: str
    cells: list[Cell]


def rows(
    fields: Mapping[tuple[str, int], BoundField], usual: Mapping[tuple[str, int], Usual] | None
) -> list[Row]:
    """A row for each measure that is promised at all, or that something was written down for.

    All measures while it is not known what is promised.
    """
    shown = {metric for metric, _priority in (fields if usual is None else usual)}
    shown |= {metric for (metric, _priority), field in fields.items() if field.value()}
    return [
        Row(
            str(Metric(metric).label),
            [
                Cell(fields[metric, priority], _now((usual or {}).get((metric, priority))))
                for priority in Priority
            ],
        )
        for metric in dict.fromkeys(metric for metric, _priority in fields)
        if metric in shown
    ]


def _now(usual: Usual | None) -> str:
    if usual is None:
        return ""
    text = f"{usual.seconds // HOUR}:{usual.seconds % HOUR // MINUTE:02}"
    return text if usual.is_only else _("mostly %(time)s") % {"time": text}
