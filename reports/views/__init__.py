"""Pages below /reports/."""

from .boards import BoardPage
from .export import KeyPage, kpis_file
from .flow import FlowPage, FlowTicketsPage
from .forecast import ForecastPage
from .levels import ClocksPage, LevelsPage, UnmeasuredPage
from .own import (
    CopyOwnPage,
    DeleteOwnPage,
    MoveTilePage,
    NewOwnPage,
    OwnEditPage,
    OwnListPage,
    OwnPage,
    RemoveTilePage,
    TilePage,
)
from .pivot import PivotPage
from .records import RecordsPage
from .satisfaction import ConsultationsPage, RatingsPage, SatisfactionPage
from .snapshots import StatusFragment
from .subscriptions import (
    DeleteSubscription,
    EditSubscription,
    MailedFile,
    NewSubscription,
    PauseSubscription,
    ReleaseDrafts,
    SubscriptionList,
    SubscriptionPage,
    TestSubscription,
)
from .what_if import WhatIfPage

__all__ = [
    "BoardPage",
    "ClocksPage",
    "ConsultationsPage",
    "CopyOwnPage",
    "DeleteOwnPage",
    "FlowPage",
    "FlowTicketsPage",
    "KeyPage",
    "ForecastPage",
    "LevelsPage",
    "MoveTilePage",
    "NewOwnPage",
    "OwnEditPage",
    "OwnListPage",
    "OwnPage",
    "PivotPage",
    "RatingsPage",
    "RecordsPage",
    "RemoveTilePage",
    "SatisfactionPage",
    "StatusFragment",
    "TilePage",
    "UnmeasuredPage",
    "WhatIfPage",
    "kpis_file",
    "DeleteSubscription",
    "EditSubscription",
    "MailedFile",
    "NewSubscription",
    "PauseSubscription",
    "ReleaseDrafts",
    "SubscriptionList",
    "SubscriptionPage",
    "TestSubscription",
]
