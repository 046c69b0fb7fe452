"""What reports can be narrowed by, and what the what-if page can try."""

from .export import ExportForm
from .flow import FlowForm
from .forecast import ForecastForm
from .period import (
    Choice,
    DayField,
    OverviewForm,
    choose,
    default_query,
    query_of,
    scope_of,
)

__all__ = [
    "Choice",
    "DayField",
    "FlowForm",
    "ExportForm",
    "ForecastForm",
    "OverviewForm",
    "choose",
    "default_query",
    "query_of",
    "scope_of",
]
