"""Pages below /reports/."""

from .levels import ClocksPage, LevelsPage, UnmeasuredPage
from .overview import OverviewPage
from .satisfaction import ConsultationsPage, RatingsPage, SatisfactionPage
from .snapshots import StatusFragment
from .what_if import WhatIfPage

__all__ = [
    "ClocksPage",
    "ConsultationsPage",
    "LevelsPage",
    "OverviewPage",
    "RatingsPage",
    "SatisfactionPage",
    "StatusFragment",
    "UnmeasuredPage",
    "WhatIfPage",
]
