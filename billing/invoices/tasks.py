"""Billing off the request: the monthly run, issuing and printing."""

import logging

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from itil.tickets.errors import Refused
from itil.timesheets.actions import business_zone
from portal.people.models import User

from .actions import issue, make_draft_pdf, note_problem, run_month
from .models import Invoice
from .parse import month_of

logger = logging.getLogger(__name__)


@task()
def draft_last_month() -> None:
    """Draft the invoices of the month before this one; run it as often as you like."""
    today = timezone.now().astimezone(business_zone()).date()
    result = run_month(month_of(today).before, by=None)
    logger.info(
        "Invoices of %s: %d drafted, %d rebuilt, %d unchanged, %d removed",
        result.month,
        len(result.drafted),
        len(result.rebuilt),
        len(result.unchanged),
        len(result.removed),
    )


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
