"""What a tile of a dashboard asks. Plain values: pages use them and import no pandas."""

from dataclasses import dataclass
from enum import StrEnum


class ChartKind(StrEnum):
    """How a tile is drawn. NUMBER: one figure; TABLE: nothing but its table."""

    NUMBER = "number"
    LINE = "line"
    BAR = "bar"
    STACKED = "stacked"
    LYING = "lying"
    TABLE = "table"


@dataclass(frozen=True)
class Tile:
    """Indicators by a dimension, or by `step`, perhaps split by another dimension.

    Several indicators share one chart when they have the same unit.
    """

    key: str
    indicators: tuple[str, ...]
    by: str = ""
    split: str = ""
    chart: ChartKind = ChartKind.NUMBER

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(name for name in (self.by, self.split) if name)
