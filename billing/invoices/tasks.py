"""Billing off the request: the monthly run, issuing and printing."""

import logging

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from itil.tickets.errors import Refused
from itil.timesheets.hours import business_date
from portal.people.models import User

from .actions import (
    follow_order_credits,
    issue,
    make_account_paper,
    make_draft_pdf,
    note_problem,
    propose_credits,
    remind_late,
    send_all,
    send_asked,
    standing_still,
    start_run,
    work_off,
)
from .models import AccountPaper, BillingRun, Invoice, Reminder
from .parse import month_of

logger = logging.getLogger(__name__)


# A run is worked off in slices, so that mail and events do not wait for its end.
SLICE_SECONDS = 5.0


@task()
def propose_last_month() -> None:
    """Propose credits for targets that were missed in the month before this one."""
    now = timezone.now()
    proposed = propose_credits(month_of(business_date(now)).before, at=now)
    logger.info("Credits that wait for a decision: %d", len(proposed))
    follow_order_credits(now)


@task()
def draft_last_month() -> None:
    """Draft the invoices of the month before this one; run it as often as you like."""
    today = business_date(timezone.now())
    set_off(start_run(month_of(today).before, by=None))


def set_off(run: BillingRun) -> None:
    """Let the workers begin: so many may work on one run at the same time.

    Without locks on rows two workers would make the same documents; there it is one.
    """
    shared = connection.features.has_select_for_update
    for _number in range(settings.BILLING_RUN_WORKERS if shared else 1):
        continue_run.enqueue(run.pk)


@task()
def continue_run(run_pk: int) -> None:
    """Work off a slice of a run, and go on behind whatever else waits meanwhile."""
    run = BillingRun.objects.under_way().filter(pk=run_pk).first()
    if run is None:
        return
    if work_off(run, seconds=SLICE_SECONDS):
        logger.info("%s ended as %s", run, run.state)
    else:
        continue_run.enqueue(run_pk)


@task()
def take_up_runs() -> int:
    """Go on with runs that a killed process left; returns how many."""
    found = standing_still(timezone.now())
    for run in found:
        continue_run.enqueue(run.pk)
    return len(found)


@task()
def issue_invoice(invoice_pk: int, user_pk: int) -> None:
    """Issue what a person asked for; done once however often the task is delivered."""
    invoice = Invoice.objects.drafts().filter(pk=invoice_pk).first()
    if invoice is None:
        return
    try:
        issue(invoice, by=User.objects.get(pk=user_pk))
    except Refused as refusal:
        note_problem(invoice, str(refusal))
    except Exception:
        # The page must not wait for ever; the worker still gets the error, logs and repeats it.
        note_problem(
            invoice, _("The PDF could not be made. Nothing was issued and no number was used.")
        )
        raise


@task()
def print_draft(invoice_pk: int) -> None:
    """Make the PDF of a draft for someone who looks at it."""
    invoice = Invoice.objects.drafts().filter(pk=invoice_pk).first()
    if invoice is not None:
        make_draft_pdf(invoice)


@task()
def print_account(paper_pk: int) -> None:
    """Make the statement of account that somebody waits for."""
    paper = AccountPaper.objects.select_related("organization").filter(pk=paper_pk).first()
    if paper is not None:
        make_account_paper(paper, at=timezone.now())


@task()
def remind_of_late() -> None:
    """Propose the reminders that are due, or send them where the seller's rules say so.

    What a killed worker left unsent goes out first.
    """
    for pk in Reminder.objects.asked().values_list("pk", flat=True):
        send_asked_reminder.enqueue(pk)
    result = remind_late(timezone.now())
    logger.info(
        "Reminders: %d proposed, %d of them sent, %d dropped",
        result.proposed,
        result.sent,
        result.dropped,
    )


@task()
def send_asked_reminder(reminder_pk: int) -> None:
    """Send the reminder that a clerk asked for; delivered twice, nothing goes out again."""
    reminder = Reminder.objects.asked().select_related("sent_by").filter(pk=reminder_pk).first()
    if reminder is not None:
        send_asked(reminder)


@task()
def send_issued(invoice_pks: list[int], how: str, user_pk: int) -> None:
    """Send what a clerk asked for; delivered twice, it goes on and sends nothing again."""
    unsent = Invoice.objects.unsent().filter(pk__in=invoice_pks).select_related("organization")
    send_all(unsent.order_by("number"), how=how, by=User.objects.get(pk=user_pk), at=timezone.now())
