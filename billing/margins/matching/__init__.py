"""What contracts bring and what the work for them costs, month by month."""

from .costs import Cost, Costs, costs_in_force
from .margins import Margin, margins_of, totals_of
from .reading import Item, items_between

__all__ = [
    "Cost",
    "Costs",
    "Item",
    "Margin",
    "costs_in_force",
    "items_between",
    "margins_of",
    "totals_of",
]
