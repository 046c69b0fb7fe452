"""The picture of a clock: the days of its life, with what counted and what did not.

Geometry only; the template writes it as SVG, the style sheet gives it the colors of the theme.
"""

from .drawing import pictures
from .shapes import FRAMES, Picture

__all__ = ["FRAMES", "Picture", "pictures"]
