"""Stored reports: asked for by pages, filled by a worker. Imports no pandas."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from reports.metrics.period import Period
from reports.models import CountedRecord, ReportSnapshot

from .reading import Scope

# Raised when the structure of the stored figures changes.
VERSION = 6
LEVELS, WHAT_IF, CSAT = "levels", "what-if", "csat"
FLOW, FLOW_LIST, FORECAST = "flow", "flow-list", "forecast"
# All indicators, for other programs.
KPIS = "kpis"
FRESH_FOR = timedelta(minutes=5)
# A computation that was asked for this long ago and has not ended is asked for again.
PATIENCE = timedelta(minutes=2)
KEPT_UNUSED_FOR = timedelta(days=7)
# Snapshots with a list are large, and are about a question that is rarely asked again.
LISTS_KEPT_FOR = timedelta(hours=1)
ROWS_AT_ONCE = 5000


def filters_of(scope: Scope) -> dict[str, Any]:
    return {
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "zone": scope.period.zone,
        "team": scope.team_id,
        "organization": scope.organization_id,
    }


def scope_of(filters: Mapping[str, Any]) -> Scope:
    """The inverse of `filters_of`; which report it is about is left to the caller."""
    return Scope(
        period=Period(
            date.fromisoformat(filters["from"]), date.fromisoformat(filters["to"]), filters["zone"]
        ),
        team_id=filters["team"],
        organization_id=filters["organization"],
    )


def key_of(*parts: Any) -> str:
    """A name of fixed length for whatever JSON takes."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def snapshot_of(report: str, filters: Mapping[str, Any], *, now: datetime) -> ReportSnapshot:
    """The stored figures of a report about `filters`, an empty row when nobody has asked yet."""
    asked = {**filters, "report": report}
    snapshot, _made = ReportSnapshot.objects.defer("listed").get_or_create(
        key=key_of(VERSION, asked), defaults={"filters": asked, "used_at": now}
    )
    return snapshot


def claim_refresh(snapshot: ReportSnapshot, *, now: datetime) -> bool:
    """True for exactly one of those who find the figures missing or old: that one has to ask for
    the computation. Asking again is in order once the last request went unanswered."""
    old = Q(computed_at__isnull=True) | Q(computed_at__lt=now - FRESH_FOR)
    unasked = (
        Q(requested_at__isnull=True)
        | Q(requested_at__lt=now - PATIENCE)
        | Q(requested_at__lte=F("computed_at"))
    )
    return bool(
        ReportSnapshot.objects.filter(old, unasked, pk=snapshot.pk).update(
            requested_at=now, used_at=now
        )
    )


@transaction.atomic
def store(
    snapshot: ReportSnapshot,
    data: dict[str, Any],
    listed: bytes | None = None,
    records: Mapping[int, int] | None = None,
    *,
    now: datetime,
) -> None:
    """Keep the figures, with the list behind them or the primary keys of `records` and how often
    each is counted. Drop snapshots that nobody looked at for a week, or an hour when they have a
    list."""
    found = ReportSnapshot.objects.filter(pk=snapshot.pk)
    # Two workers may answer the same question; the second waits for the rows of the first.
    list(found.select_for_update().values("pk"))
    found.update(data=data, listed=listed, computed_at=now)
    if records is not None:
        CountedRecord.objects.filter(snapshot=snapshot.pk).delete()
        CountedRecord.objects.bulk_create(
            (
                CountedRecord(snapshot_id=snapshot.pk, record=record, times=times)
                for record, times in records.items()
            ),
            batch_size=ROWS_AT_ONCE,
        )
    unused = Q(used_at__lt=now - KEPT_UNUSED_FOR)
    has_list = Q(listed__isnull=False)
    has_list |= Q(Exists(CountedRecord.objects.filter(snapshot=OuterRef("pk"))))
    unused |= Q(used_at__lt=now - LISTS_KEPT_FOR) & has_list
    ReportSnapshot.objects.filter(unused).delete()
