"""Pages below /reports/."""

from .levels import ClocksPage, LevelsPage, UnmeasuredPage
from .overview import OverviewPage
from .snapshots import StatusFragment
from .what_if import WhatIfPage

__all__ = [
    "ClocksPage",
    "LevelsPage",
    "OverviewPage",
    "StatusFragment",
    "UnmeasuredPage",
    "WhatIfPage",
]
