"""The month-end run: started by a person or the calendar, cancelled, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.models import Contract
from billing.invoices.lifecycle import Outcome, RowState, RunKind, RunState
from billing.invoices.models import BillingRun, Invoice, Seller
from billing.invoices.parse import Month
from billing.invoices.permissions import may_issue, may_run
from itil.tickets.errors import NotAllowed, Refused
from itil.timesheets.hours import business_date
from portal.people.models import Organization, User

from .collecting import current_seller
from .skipping import Skip
from .working import drafts_of, work_off

# A run counts as left alone after this; longer than a slice of work and its longest invoice.
TAKEN_UP_FOR = timedelta(seconds=20)


@dataclass
class RunResult:
    """What a run did, invoice by invoice, and the hours it left out."""

    month: Month
    run: BillingRun
    drafted: list[Invoice] = field(default_factory=list)
    rebuilt: list[Invoice] = field(default_factory=list)
    unchanged: list[Invoice] = field(default_factory=list)
    # Names of customers whose draft was deleted, as none of its hours is left.
    removed: list[str] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)


def run_month(
    month: Month,
    *,
    by: User | None,
    at: datetime | None = None,
    organizations: Sequence[Organization] = (),
    contracts: Sequence[Contract] = (),
) -> RunResult:
    """Start a drafting run of `month`, or take up the open one, and work it off here and now."""
    run = start_run(month, by=by, at=at, organizations=organizations, contracts=contracts)
    work_off(run, at=at)
    return result_of(run)


def start_run(
    month: Month,
    *,
    by: User | None,
    at: datetime | None = None,
    organizations: Sequence[Organization] = (),
    contracts: Sequence[Contract] = (),
) -> BillingRun:
    """A run that drafts `month`, for whom it may concern; the open one when there is one.

    It does nothing yet: `work_off` does. Raises NotAllowed, and Refused without legal details of
    our own, for a month that has not begun, and while a run for others is open.
    """
    at = at or timezone.now()
    if not may_run(by):
        raise NotAllowed(_("Only billing clerks run invoices."))
    if month.first > business_date(at):
        raise Refused(_("%(month)s has not begun yet.") % {"month": month})
    return _start(
        RunKind.DRAFT,
        current_seller(),
        month,
        by,
        at,
        organizations=organizations,
        contracts=contracts,
    )


def start_issuing(
    drafted: BillingRun, *, by: User | None, at: datetime | None = None
) -> BillingRun:
    """A run that issues all drafts of the run `drafted`; the open one when there is one.

    Raises NotAllowed, and Refused when no draft of it is left.
    """
    at = at or timezone.now()
    if not may_issue(by):
        raise NotAllowed(_("Only billing clerks issue invoices."))
    if not drafts_of(drafted).exists():
        raise Refused(_("No draft of this run is left to be issued."))
    return _start(RunKind.ISSUE, drafted.seller, drafted.month, by, at, of=drafted)


def _start(
    kind: str,
    seller: Seller,
    month: Month,
    by: User | None,
    at: datetime,
    *,
    of: BillingRun | None = None,
    organizations: Sequence[Organization] = (),
    contracts: Sequence[Contract] = (),
) -> BillingRun:
    """Write the run down, or find the one that is open for the month."""
    wanted = {"seller": seller, "period_first": month.first, "kind": kind}
    try:
        with transaction.atomic():
            run = BillingRun.objects.create(
                **wanted, period_last=month.last, cut_off_at=at, started_by=by, created_at=at, of=of
            )
            run.organizations.set(organizations)
            run.contracts.set(contracts)
            return run
    except IntegrityError:
        found: BillingRun | None = BillingRun.objects.under_way().filter(**wanted).first()
        if found is None:
            # It ended at this very moment.
            return _start(
                kind, seller, month, by, at, of=of, organizations=organizations, contracts=contracts
            )
    only = {*found.organizations.all(), *found.contracts.all()}
    if (only and only != {*organizations, *contracts}) or found.of != of:
        raise Refused(
            _("Another run of %(month)s is under way. Wait until it is done, or cancel it.")
            % {"month": month}
        )
    return found


@transaction.atomic
def cancel_run(run: BillingRun, *, by: User, at: datetime | None = None) -> BillingRun:
    """Stop after the customer that is being worked on; what is drafted or issued stays.

    Raises NotAllowed, and Refused for a run that has ended.
    """
    at = at or timezone.now()
    if not may_run(by):
        raise NotAllowed(_("Only billing clerks cancel a run."))
    ended = BillingRun.objects.under_way().filter(pk=run.pk)
    if not ended.update(state=RunState.CANCELLED, cancelled_by=by, finished_at=at):
        raise Refused(_("This run has ended already."))
    run.rows.filter(state=RowState.WAITING).update(
        state=RowState.SKIPPED, reason=_("The run was cancelled."), finished_at=at
    )
    run.refresh_from_db()
    return run


def resume_run(run: BillingRun, *, by: User, at: datetime | None = None) -> BillingRun:
    """Note that a person wants an open run to go on; the caller then sends workers to it.

    Asked for twice, more workers share it. Raises NotAllowed, and Refused for a run that has ended.
    """
    at = at or timezone.now()
    if not (may_issue(by) if run.kind == RunKind.ISSUE else may_run(by)):
        raise NotAllowed(_("Only billing clerks run invoices."))
    if not BillingRun.objects.under_way().filter(pk=run.pk).update(taken_up_at=at):
        raise Refused(_("This run has ended already."))
    run.refresh_from_db()
    return run


def standing_still(now: datetime) -> list[BillingRun]:
    """Open runs that no worker has taken up for a while; locks them for the one who asks first."""
    with transaction.atomic():
        found = list(
            BillingRun.objects.under_way()
            .filter(
                Q(taken_up_at__lt=now - TAKEN_UP_FOR)
                | Q(taken_up_at=None, created_at__lt=now - TAKEN_UP_FOR)
            )
            .select_for_update()
        )
        BillingRun.objects.filter(pk__in=[run.pk for run in found]).update(taken_up_at=now)
    return found


def result_of(run: BillingRun) -> RunResult:
    """The outcome of each customer in the order of the run. Two queries."""
    result = RunResult(run.month, run, skipped=[Skip.of_row(row) for row in run.left_out])
    lists = {
        Outcome.DRAFTED: result.drafted,
        Outcome.REBUILT: result.rebuilt,
        Outcome.UNCHANGED: result.unchanged,
    }
    for row in run.rows.select_related("organization", "invoice__organization"):
        if row.outcome == Outcome.REMOVED:
            result.removed.append(row.organization.name)
        elif row.outcome in lists and row.invoice:
            lists[Outcome(row.outcome)].append(row.invoice)
        if row.left_out:
            result.skipped.append(Skip.of_row(row.left_out))
    return result
