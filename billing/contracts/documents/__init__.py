"""How customers are written to: words and figures in their language."""

from .speaking import spoken_to_customer
from .wording import HourStyle, Wording

__all__ = ["HourStyle", "Wording", "spoken_to_customer"]
