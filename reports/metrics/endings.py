"""How tickets end. Plain values: pages use them and import no pandas."""

from reports.frames.codes import UNSOLVED

__all__ = ["UNSOLVED"]
