"""Figures are computed off the request."""

from django.utils import timezone
from django_tasks import task

from .models import ReportSnapshot


@task()
def refresh_overview(key: int) -> None:
    """Compute the snapshot with this primary key; nothing happens when it is gone."""
    # Slow import: pandas stays out of the web process, which only enqueues this task.
    from .actions.overview import compute_snapshot  # noqa: PLC0415

    snapshot = ReportSnapshot.objects.filter(pk=key).first()
    if snapshot:
        compute_snapshot(snapshot, now=timezone.now())
