"""Stored overviews: asked for by pages, filled by a worker. Imports no pandas."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q

from reports.metrics.period import Period
from reports.models import ReportSnapshot

from .reading import Scope

# Raised when the structure of the stored figures changes.
VERSION = 1
FRESH_FOR = timedelta(minutes=5)
# A computation that was asked for this long ago and has not ended is asked for again.
PATIENCE = timedelta(minutes=2)
KEPT_UNUSED_FOR = timedelta(days=7)


def filters_of(scope: Scope) -> dict[str, Any]:
    return {
        "from": scope.period.first.isoformat(),
        "to": scope.period.last.isoformat(),
        "zone": scope.period.zone,
        "team": scope.team_id,
        "organization": scope.organization_id,
    }


def scope_of(filters: dict[str, Any]) -> Scope:
    """The inverse of `filters_of`."""
    return Scope(
        period=Period(
            date.fromisoformat(filters["from"]), date.fromisoformat(filters["to"]), filters["zone"]
        ),
        team_id=filters["team"],
        organization_id=filters["organization"],
    )


def find_snapshot(scope: Scope, *, now: datetime) -> ReportSnapshot:
    """The stored figures of `scope`, an empty row when nobody has asked for them yet."""
    filters = filters_of(scope)
    text = json.dumps([VERSION, filters], sort_keys=True)
    snapshot, _made = ReportSnapshot.objects.get_or_create(
        key=hashlib.sha256(text.encode()).hexdigest(),
        defaults={"filters": filters, "used_at": now},
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


def store(snapshot: ReportSnapshot, data: dict[str, Any], *, now: datetime) -> None:
    """Keep the figures and drop snapshots that nobody looked at for a week."""
    ReportSnapshot.objects.filter(pk=snapshot.pk).update(data=data, computed_at=now)
    ReportSnapshot.objects.filter(used_at__lt=now - KEPT_UNUSED_FOR).delete()
