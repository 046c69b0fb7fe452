"""Working off a run, customer by customer, by as many workers as one likes.

Each customer is one transaction that drafts or issues the invoice and writes the row of the run
with it. A process may therefore be killed anywhere: whoever takes the run up again finds what is
done and does the rest.
"""

import logging
import time
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.matching import Terms, terms_in_force
from billing.invoices.lifecycle import Outcome, RowState, RunKind, RunState
from billing.invoices.models import BillingRun, BillingRunRow, Invoice
from itil.tickets.errors import Refused
from portal.people.models import Organization

from .collecting import GroupKey, collect
from .compensating import propose_credits
from .drafting import Drafted, Drafting
from .foreseeing import left_out
from .issuing import Prepared, issue, prepare_issue
from .reversing import follow_order_credits
from .skipping import Reason, Skip

logger = logging.getLogger(__name__)


def work_off(run: BillingRun, *, seconds: float | None = None, at: datetime | None = None) -> bool:
    """Do what is left of the run, for about `seconds` (None: to its end); True when it has ended.

    May be called by several workers at once and as often as one likes. `at` is the moment written
    down; None asks the clock for each customer.
    """
    until = None if seconds is None else time.monotonic() + seconds
    try:
        if not _prepare(run, at or timezone.now()):
            return True
    except OperationalError:
        raise
    except Exception:
        logger.exception("Billing run %s could not be planned", run.pk)
        problem = _("Something unexpected went wrong; the log of the worker says what.")
        BillingRun.objects.under_way().filter(pk=run.pk).update(
            state=RunState.FAILED, problem=problem, finished_at=at or timezone.now()
        )
        run.refresh_from_db()
        return True
    steps = DraftingSteps(run) if run.kind == RunKind.DRAFT else IssuingSteps(run)
    while steps.take_one(at or timezone.now()):
        if until is not None and time.monotonic() >= until:
            return False
    _finish(run, at or timezone.now())
    return True


def drafts_of(run: BillingRun) -> QuerySet[Invoice]:
    """The invoices of a drafting run that are drafts still."""
    return Invoice.objects.drafts().filter(
        pk__in=BillingRunRow.objects.filter(run=run).values("invoice")
    )


@transaction.atomic
def _prepare(run: BillingRun, at: datetime) -> bool:
    """Write down the rows, once; False when the run has ended."""
    fresh = BillingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if fresh.is_open:
        if fresh.state == RunState.WAITING:
            if fresh.kind == RunKind.DRAFT:
                propose_credits(fresh.month, at=at)
                follow_order_credits(at)
            rows = plan_drafting(fresh) if fresh.kind == RunKind.DRAFT else plan_issuing(fresh)
            for position, row in enumerate(rows, start=1):
                row.run, row.position = fresh, position
            BillingRunRow.objects.bulk_create(rows, batch_size=500)
            fresh.state, fresh.started_at = RunState.RUNNING, at
        fresh.taken_up_at = at
        fresh.save(update_fields=["state", "started_at", "taken_up_at", "left_out"])
    run.refresh_from_db()
    return run.is_open


def _finish(run: BillingRun, at: datetime) -> None:
    """Close a run of which nothing is left."""
    left = BillingRunRow.objects.filter(run=run, state=RowState.WAITING)
    if not left.exists():
        BillingRun.objects.under_way().filter(pk=run.pk).update(state=RunState.DONE, finished_at=at)
    run.refresh_from_db()


def plan_drafting(run: BillingRun) -> list[BillingRunRow]:
    """One row for each invoice to be, and for each draft there is; notes what stays out."""
    terms = terms_in_force()
    collected = collect(run.seller, run.month, terms, cut_off=run.cut_off_at)
    existing = Invoice.objects.of_the_run(run.seller, run.month).values_list(
        "organization_id", "currency", "group"
    )
    keys = set(collected.groups) | {GroupKey(*row) for row in existing}
    skipped = [*collected.skipped, *left_out(run.month, terms)]
    only = payers_of(run, terms)
    if only is not None:
        keys = {key for key in keys if key.payer in only}
        names = {terms.names[one] for payer in only for one in terms.below(payer)}
        skipped = [skip for skip in skipped if skip.organization in names]
    run.left_out = [skip.as_row() for skip in skipped]
    return [
        BillingRunRow(organization_id=key.payer, currency=key.currency, group=key.group)
        for key in sorted(keys, key=lambda key: (terms.names[key.payer], key))
    ]


def payers_of(run: BillingRun, terms: Terms) -> set[int] | None:
    """The paying organizations that the run is for; None for all of them.

    A daughter without a contract of its own is billed with its parent.
    """
    asked = set(run.organizations.values_list("pk", flat=True))
    of_contracts = set(run.contracts.values_list("organization_id", flat=True))
    if not asked and not of_contracts:
        return None
    above = {
        next((step for step in terms.line_of(one) if step in terms.contracts), one) for one in asked
    }
    return asked | above | of_contracts


def plan_issuing(run: BillingRun) -> list[BillingRunRow]:
    """One row for each draft, customer by customer."""
    if run.of is None:
        return []
    drafts = drafts_of(run.of).select_related("organization").order_by("organization__name", "pk")
    return [
        BillingRunRow(
            organization=invoice.organization,
            currency=invoice.currency,
            group=invoice.group,
            invoice=invoice,
        )
        for invoice in drafts
    ]


class DraftingSteps:
    """Drafts the customers of a run; the terms are read once for a slice of work."""

    def __init__(self, run: BillingRun):
        self.run, self.terms = run, terms_in_force()
        self.waiting = BillingRunRow.objects.filter(
            run=run, run__state=RunState.RUNNING, state=RowState.WAITING
        ).order_by("position")

    def take_one(self, at: datetime) -> bool:
        """Draft one customer; False when none is left, or the run has ended."""
        run = self.run
        drafting = Drafting(run.seller, run.month, self.terms, run.cut_off_at, run.started_by, at)
        payer = None
        try:
            with transaction.atomic():
                payer = self._claim()
                rows = list(self.waiting.filter(organization=payer)) if payer else []
                # Another worker may have done this customer a moment ago.
                if rows:
                    _settle(rows, drafting.draft(rows[0].organization_id), at)
        except Exception as problem:
            # The database is away or chose another one of two: the next to take it up goes on.
            if payer is None or isinstance(problem, OperationalError):
                raise
            # An hour went to another customer's draft between reading and writing.
            changed = isinstance(problem, IntegrityError)
            if not changed:
                logger.exception("Billing run %s: organization %s failed", run.pk, payer)
            skip = Skip(Reason.CHANGED if changed else Reason.UNEXPECTED, self.terms.names[payer])
            self.waiting.filter(organization=payer).update(
                state=RowState.FAILED, left_out=skip.as_row(), finished_at=at
            )
        return payer is not None

    def _claim(self) -> int | None:
        """Lock the next customer that no other worker has; wait for one when all are taken."""
        customers = Organization.objects.filter(pk__in=self.waiting.values("organization"))
        free = customers.select_for_update(no_key=True, skip_locked=True).order_by("name", "pk")
        found = free.values_list("pk", flat=True).first()
        if found is None:
            found = self.waiting.values_list("organization", flat=True).first()
            if found is not None:
                Organization.objects.select_for_update(no_key=True).get(pk=found)
        return found


def _settle(rows: list[BillingRunRow], found: Mapping[GroupKey, Drafted], at: datetime) -> None:
    """Write the rows of one customer, in the transaction of its drafts."""
    for row in rows:
        key = GroupKey(row.organization_id, row.currency, row.group)
        drafted = found.get(key, Drafted(Outcome.REMOVED))
        row.outcome, row.finished_at = drafted.outcome or "", at
        row.invoice = None if drafted.outcome == Outcome.REMOVED else drafted.invoice
        row.state = RowState.DONE
        if drafted.skip:
            row.left_out = drafted.skip.as_row()
            row.state = RowState.FAILED if drafted.skip.needs_action else RowState.SKIPPED
        elif row.invoice and row.invoice.is_frozen:
            row.state = RowState.SKIPPED
        row.save()


class IssuingSteps:
    """Issues the drafts of a run, in the order of its rows."""

    def __init__(self, run: BillingRun):
        self.run = run
        self.waiting = BillingRunRow.objects.filter(
            run=run, run__state=RunState.RUNNING, state=RowState.WAITING
        ).order_by("position")

    def take_one(self, at: datetime) -> bool:
        """Issue one draft; False when none is left, or the run has ended."""
        row = None
        try:
            if connection.features.has_select_for_update:
                with transaction.atomic():
                    row = self._claim()
                    if row is not None:
                        prepared = self._prepared(row, at)
                        self._wait_for_those_before(row)
                        self._issue(row, prepared, at)
            else:
                # A transaction would lock the whole database: what takes long comes before it.
                row = self._rows().first()
                if row is not None:
                    prepared = self._prepared(row, at)
                    with transaction.atomic():
                        if self.waiting.filter(pk=row.pk).exists():
                            self._issue(row, prepared, at)
        except Refused as refusal:
            self._fail(row, str(refusal), at)
        except Exception as problem:
            if row is None or isinstance(problem, OperationalError):
                raise
            logger.exception("Billing run %s: invoice %s failed", self.run.pk, row.invoice_id)
            self._fail(row, _("The PDF could not be made. Nothing was issued."), at)
        return row is not None

    def _rows(self) -> QuerySet[BillingRunRow]:
        return self.waiting.select_related("invoice__seller")

    def _claim(self) -> BillingRunRow | None:
        """Lock the next draft that no other worker has; wait for one when all are taken."""
        free = self._rows().select_for_update(of=("self",), skip_locked=True).first()
        return free or self._rows().select_for_update(of=("self",)).first()

    def _before(self, row: BillingRunRow) -> QuerySet[BillingRunRow]:
        """Those that get their numbers first, of which other workers are making the documents."""
        return self.waiting.filter(position__lt=row.position)

    def _prepared(self, row: BillingRunRow, at: datetime) -> Prepared | None:
        if row.invoice is None:
            return None
        return prepare_issue(row.invoice, at=at, before=self._before(row))

    def _wait_for_those_before(self, row: BillingRunRow) -> None:
        """Until the workers that have them are done, or dead.

        Nobody waits in a circle: who holds a row waits for earlier ones only.
        """
        list(self._before(row).select_for_update(of=("self",)).values_list("pk"))

    def _issue(self, row: BillingRunRow, prepared: Prepared | None, at: datetime) -> None:
        row.state, row.outcome, row.finished_at = RowState.DONE, "", at
        if row.invoice:
            issue(row.invoice, by=self.run.started_by, at=at, prepared=prepared)
            row.outcome = Outcome.ISSUED
        else:
            row.state, row.reason = RowState.SKIPPED, _("The draft is gone.")
        row.save()

    def _fail(self, row: BillingRunRow | None, reason: str, at: datetime) -> None:
        if row is not None:
            self.waiting.filter(pk=row.pk).update(
                state=RowState.FAILED, reason=reason[:500], finished_at=at
            )
