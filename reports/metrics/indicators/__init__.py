"""The indicators, one module per subject; domain section 5 decides each formula."""

from reports.metrics.indicator import Indicator

from . import (
    availability,
    backlog,
    capacity,
    changes,
    helping,
    money,
    problems,
    promises,
    resolution,
    response,
    routing,
    satisfaction,
    volume,
    work,
)

ALL: tuple[Indicator, ...] = (
    *volume.INDICATORS,
    *backlog.INDICATORS,
    *response.INDICATORS,
    *resolution.INDICATORS,
    *routing.INDICATORS,
    *promises.INDICATORS,
    *satisfaction.INDICATORS,
    *helping.INDICATORS,
    *problems.INDICATORS,
    *changes.INDICATORS,
    *availability.INDICATORS,
    *capacity.INDICATORS,
    *work.INDICATORS,
    *money.INDICATORS,
)
