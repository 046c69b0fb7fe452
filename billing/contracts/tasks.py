"""Contracts off the request: the months of retainers, and warnings about prepaid hours."""

import logging

from django.utils import timezone
from django_tasks import task

from itil.timesheets.hours import business_date

from .actions import charge_orders, open_months, warn_about_blocks

logger = logging.getLogger(__name__)


@task()
def sell_months() -> None:
    """Sell the months of retainers that have begun."""
    now = timezone.now()
    logger.info("Months of retainers sold: %d", len(open_months(business_date(now), at=now)))


@task()
def charge_months_of_orders() -> None:
    """Charge the months of orders that are paid by the month, and what was missed."""
    now = timezone.now()
    logger.info("Orders looked at: %d", charge_orders(business_date(now), at=now))


@task()
def warn() -> None:
    """Tell of prepaid hours that run out."""
    logger.info("Warnings about prepaid hours: %d", warn_about_blocks(at=timezone.now()))
