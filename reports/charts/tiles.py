"""A figure at the top of a page, compared with another period (`KPI-1`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """`arrow` and `tone` say the same as `change`, which is the text."""

    label: str
    value: str
    unit: str
    change: str
    arrow: str
    tone: str
    url: str
