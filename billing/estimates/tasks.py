"""What the worker does with estimates."""

from django.utils import timezone
from django_tasks import task

from . import actions
from .models import Estimate


@task()
def expire_due() -> int:
    """End estimates that nobody answered in time."""
    return actions.expire_due(timezone.now())


@task()
def print_estimate(estimate_pk: int) -> None:
    """Make the PDF of a version that was sent; delivered twice, it is made once."""
    estimate = Estimate.objects.filter(pk=estimate_pk).first()
    if estimate is not None:
        actions.make_pdf(estimate)


@task()
def watch_accepted() -> int:
    """Charge what is done; warn before accepted hours or amounts run out."""
    actions.charge_finished(timezone.now())
    return actions.watch(timezone.now())
