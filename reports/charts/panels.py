"""The panel of a chart: title, sentence, figure and the table with the same numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from .figures import Figure


@dataclass(frozen=True)
class Cell:
    """A value of a table; with `url` it leads to the tickets behind it."""

    text: str
    url: str | None = None

    @property
    def is_value(self) -> bool:
        """Names may be broken into lines, values are not."""
        return self.text.lstrip("-−")[:1].isdigit()


@dataclass(frozen=True)
class Panel:
    key: str
    title: str
    sentence: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    figure: Figure | None
    how: str = ""
