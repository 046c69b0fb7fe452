"""Figures are computed off the request."""

import contextlib
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from .actions.reading import Scope
from .metrics.period import Period
from .models import ReportSnapshot, ReportSubscription

# So many reports are made before other work has its turn.
MOST_REPORTS = 20


@task()
def refresh_report(key: int) -> None:
    """Compute the snapshot with this primary key; nothing happens when it is gone."""
    # Slow import: pandas stays out of the web process, which only enqueues this task.
    from .actions.computing import compute_snapshot  # noqa: PLC0415

    snapshot = ReportSnapshot.objects.filter(pk=key).first()
    if snapshot:
        compute_snapshot(snapshot, now=timezone.now())


@task()
def close_last_month() -> None:
    """Keep the service levels of the month that has ended; nothing happens when they are kept."""
    # Slow import, as above.
    from .actions.levels import levels  # noqa: PLC0415

    now = timezone.now()
    last = now.astimezone(ZoneInfo(settings.BUSINESS_TIME_ZONE)).date().replace(day=1)
    last -= timedelta(days=1)
    levels(Scope(Period(last.replace(day=1), last, settings.BUSINESS_TIME_ZONE)), now=now)


@task()
def refresh_facts() -> None:
    """Bring the fact files up to date; nothing happens while another process does."""
    # Slow import, as above.
    from .actions.facts import BusyError, build_facts  # noqa: PLC0415

    with contextlib.suppress(BusyError):
        build_facts(now=timezone.now())


@task()
def send_reports() -> None:
    """Write down which scheduled reports are due, and make and mail what waits."""
    if not ReportSubscription.objects.exists():
        return
    # Slow import, as above.
    from .actions.delivering import deliver_next, plan_due  # noqa: PLC0415

    plan_due(timezone.now())
    for _turn in range(MOST_REPORTS):
        # Each takes its time, and tells the figures of the moment at which it was made.
        if not deliver_next(timezone.now()):
            return
