"""The things that forms let people choose and that this app does not know: items of the estate.

The app that has them extends `Chooser` and hands it over when it is ready. A thing is kept in
answers with its name of that day, so that they can always be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Thing:
    """Something that can be chosen: the number it is known by, its name, and a line beside it."""

    number: str
    name: str
    note: str = ""

    def as_answer(self) -> dict[str, str]:
        """How an answer keeps it."""
        return {"thing": self.number, "name": self.name}


class Chooser:
    """Finds things by what was typed. This one knows none.

    `among` is the short name of a class, with all below it; empty for every class. `asker` is a
    person, who finds only what he or she may see.
    """

    def held_by(self, holder: Any, *, among: str = "") -> Sequence[Thing]:
        """What a person has in use."""
        return ()

    def find(self, text: str, *, among: str, asker: Any) -> Sequence[Thing]:
        """The things with this number or exactly this name; two of them: it is not clear."""
        return ()

    def suggest(self, text: str, *, among: str, asker: Any, limit: int) -> Sequence[Thing]:
        """The first things that fit what was typed so far."""
        return ()

    def classes(self) -> Sequence[tuple[str, str]]:
        """What editors may limit a question to: short names and labels."""
        return ()


class _Counter:
    """Who finds things at present; replaced once, when the app that has them is ready."""

    chooser = Chooser()


def hand_over(chooser: Chooser) -> None:
    """Let this one find things from now on."""
    _Counter.chooser = chooser


def chooser() -> Chooser:
    """Who finds things at present."""
    return _Counter.chooser
