"""Every indicator by its key, in the order in which pages and exports list them."""

from .indicator import Indicator
from .indicators import ALL

INDICATORS: dict[str, Indicator] = {one.key: one for one in ALL}
