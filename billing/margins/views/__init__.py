"""Pages of costs and margins."""

from .costs import CostList, EndCost, NewCost, RemoveCost
from .margins import MarginEntries, Margins

__all__ = [
    "CostList",
    "EndCost",
    "MarginEntries",
    "Margins",
    "NewCost",
    "RemoveCost",
]
