"""Named reads of invoices, and the guard that keeps bulk writes off issued ones."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Case, Count, F, Min, OuterRef, Q, Subquery, Sum, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from itil.timesheets.models import NoteVisibility, TimeEntry

from .errors import FrozenInvoice
from .lifecycle import OWED, RUN_OPEN, RowState, State

# What may still change once an invoice is issued (`BIL-13`); everything else is frozen.
LIVING_FIELDS = frozenset(
    {
        "state",
        "paid_total",
        "credited_total",
        "discount_total",
        "written_off_total",
        "internal_note",
        "issue_requested_at",
        "issue_problem",
    }
)


# Days after the due date, both ends included; the names of the columns of the ageing list.
AGES = {
    "current": _lazy("Not yet due"),
    "to_30": _lazy("1–30 days"),
    "to_60": _lazy("31–60 days"),
    "to_90": _lazy("61–90 days"),
    "older": _lazy("Over 90 days"),
}
_AGE_DAYS: dict[str, tuple[int | None, int | None]] = {
    "current": (None, 0),
    "to_30": (1, 30),
    "to_60": (31, 60),
    "to_90": (61, 90),
    "older": (91, None),
}

# What is still to be paid on an invoice, as a column; see `Invoice.balance`.
BALANCE = F("payable_total") - (
    F("paid_total") + F("credited_total") + F("discount_total") + F("written_off_total")
)


def age_of(age: str, today: date) -> Q:
    """Invoices whose due date passed so many days ago; `age` is a key of `AGES`."""
    youngest, oldest = _AGE_DAYS[age]
    found = Q()
    if youngest is not None:
        found &= Q(due_on__lte=today - timedelta(days=youngest))
    if oldest is not None:
        found &= Q(due_on__gte=today - timedelta(days=oldest))
    return found


def refuse_frozen() -> FrozenInvoice:
    return FrozenInvoice(
        _("This invoice has been issued and can no longer be changed. Correct it by a credit note.")
    )


def seen_by(user: Any, path: str = "") -> Q | None:
    """Which invoices `user` may see (domain section 8); None for none at all.

    Clerks and managers see all of them. A billing contact sees what was issued to the own
    organization (`c12`); drafts are nobody's business but ours. `path` leads from the rows that are
    filtered to their invoice and ends with two underscores.
    """
    if not user.is_authenticated:
        return None
    grants = user.grants
    if grants.is_billing_clerk or grants.is_manager:
        return Q()
    if grants.is_billing_contact:
        return Q(**{f"{path}organization": user.organization_id}) & ~Q(
            **{f"{path}state": State.DRAFT}
        )
    return None


class InvoiceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What the table of roles gives this person, see `seen_by`."""
        rows = seen_by(user)
        return self.none() if rows is None else self.filter(rows)

    def disputed(self) -> Self:
        """Those with a line about which a customer disagrees and nothing is decided yet."""
        return self.filter(disputes__line__isnull=False, disputes__ended_at=None).distinct()

    def drafts(self) -> Self:
        return self.filter(state=State.DRAFT)

    def issued(self) -> Self:
        """Everything with a number, whatever became of it."""
        return self.exclude(state=State.DRAFT)

    def unsent(self) -> Self:
        """Issued and owed, and no mail with it has left."""
        return self.filter(state=State.ISSUED, sendings=None)

    def issued_between(self, first: date, last: date) -> Self:
        """Issued from `first` to `last`, both included."""
        return self.filter(issued_on__range=(first, last))

    def owed(self) -> Self:
        """Issued and not settled; credit notes are owed to the customer, not by them."""
        return self.filter(state__in=OWED, kind="invoice")

    def late(self, today: date) -> Self:
        """Owed after the due date; `today` is a date of the business zone."""
        return self.owed().filter(due_on__lt=today)

    def paid(self) -> Self:
        return self.filter(state=State.PAID, kind="invoice")

    def ageing(self, today: date) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of customer and currency: open amounts by age and their total. One query."""
        return (
            self.owed()
            .order_by("organization", "currency")
            .values("organization", "currency")
            .annotate(
                total=Sum(BALANCE),
                **{age: Sum(BALANCE, filter=age_of(age, today)) for age in AGES},
            )
        )

    def balances(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows by currency: what is open and on how many invoices. One query."""
        return (
            self.order_by("currency")
            .values("currency")
            .annotate(balance=Sum(BALANCE), count=Count("pk"))
        )

    def for_month(self, month: Any) -> Self:
        return self.filter(period_first=month.first)

    def of_the_run(self, seller: Any, month: Any) -> Self:
        """What a run of `month` has drafted, and what was issued of it and not fully credited."""
        return (
            self.for_month(month)
            .filter(seller=seller, kind="invoice")
            .exclude(state=State.CANCELLED)
        )

    def sums(self, today: date) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows by currency: net and minutes on drafts of earlier months, open, late and this
        year's paid; and the number of invoices by state, late ones and all of them. One query."""
        bills = Q(kind="invoice")
        drafted = bills & Q(state=State.DRAFT, period_first__lt=today.replace(day=1))
        owed = bills & Q(state__in=OWED)
        late = owed & Q(due_on__lt=today)
        paid = bills & Q(state=State.PAID, issued_on__year=today.year)
        return (
            self.order_by("currency")
            .values("currency")
            .annotate(
                drafted=Sum("net_total", filter=drafted),
                drafted_minutes=Sum("minutes", filter=drafted),
                open=Sum(BALANCE, filter=owed),
                late=Sum(BALANCE, filter=late),
                oldest_due=Min("due_on", filter=late),
                paid=Sum("payable_total", filter=paid),
                all_count=Count("pk"),
                draft_count=Count("pk", filter=Q(state=State.DRAFT)),
                open_count=Count("pk", filter=owed),
                late_count=Count("pk", filter=late),
                paid_count=Count("pk", filter=bills & Q(state=State.PAID)),
            )
        )

    def update(self, **values: Any) -> int:
        """Refuse to touch the content of issued invoices. One query more for content."""
        if set(values) - LIVING_FIELDS and self.issued().exists():
            raise refuse_frozen()
        if values.get("state") == State.DRAFT and self.issued().exists():
            raise refuse_frozen()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.issued().exists():
            raise refuse_frozen()
        return super().delete()

    # Django sets this on its own delete; without it templates could call the method.
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class PartOfInvoiceQuerySet(models.QuerySet[Any]):
    """Rows that belong to an invoice; `to_invoice` is the path from the row to it."""

    to_invoice = "invoice"

    def visible_to(self, user: Any) -> Self:
        """Rows of the invoices that `user` may see."""
        rows = seen_by(user, f"{self.to_invoice}__")
        return self.none() if rows is None else self.filter(rows)

    def _issued(self) -> Self:
        return self.filter(~Q(**{f"{self.to_invoice}__state": State.DRAFT}))

    def update(self, **values: Any) -> int:
        if self._issued().exists():
            raise refuse_frozen()
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self._issued().exists():
            raise refuse_frozen()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class InvoiceLineQuerySet(PartOfInvoiceQuerySet):
    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        if any(row.invoice.is_frozen for row in rows):
            raise refuse_frozen()
        return super().bulk_create(rows, *args, **kwargs)


class BilledTimeQuerySet(PartOfInvoiceQuerySet):
    to_invoice = "line__invoice"

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        if any(row.line.invoice.is_frozen for row in rows):
            raise refuse_frozen()
        return super().bulk_create(rows, *args, **kwargs)

    def let_go(self) -> int:
        """Let these hours be billed again after a full credit (`BIL-13`): the one change that the
        hours of an issued invoice know; returns how many rows."""
        return models.QuerySet.update(self, live=False)

    def keep_texts(self, confidential: str) -> int:
        """Copy what the annex says into the hours of a draft that is being issued: from then on it
        is said so, whatever becomes of the tickets; `confidential` stands for the title of a secret
        one. Two queries.
        """
        entry = TimeEntry.objects.filter(pk=OuterRef("entry"))
        is_secret = Q(ticket__is_confidential=True)
        return self.order_by().update(
            ticket_number=Subquery(entry.values("ticket__number")),
            ticket_title=Subquery(
                entry.annotate(
                    said=Case(When(is_secret, Value(confidential)), default=F("ticket__title"))
                ).values("said")
            ),
            agent_name=Subquery(entry.values("agent__name")),
            note=Subquery(
                entry.annotate(
                    said=Case(
                        When(
                            ~is_secret & Q(note_visibility=NoteVisibility.INVOICE_TEXT), F("note")
                        ),
                        default=Value(""),
                    )
                ).values("said")
            ),
        )

    def of(self, invoice: Any) -> Self:
        """The hours of one invoice in the order of its lines, then by day."""
        return self.filter(line__invoice=invoice).order_by(
            "line__position", "entry__work_date", "entry_id"
        )


class DisputeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Those about invoices that `user` may see."""
        rows = seen_by(user, "invoice__")
        return self.none() if rows is None else self.filter(rows)

    def undecided(self) -> Self:
        return self.filter(ended_at=None)


class InvoiceLinkQuerySet(models.QuerySet[Any]):
    def in_force(self, today: date) -> Self:
        """Links that open their invoice on `today`, a date of the business zone (`BIL-16`)."""
        return self.filter(revoked_at=None, expires_on__gte=today)


class MoneyQuerySet(models.QuerySet[Any]):
    """Payments, statements, reminders and confirmations: for those who see all invoices."""

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        grants = user.grants
        return self if grants.is_billing_clerk or grants.is_manager else self.none()


class PaymentQuerySet(MoneyQuerySet):
    def standing(self) -> Self:
        """Those that were not reversed."""
        return self.filter(reversed_at=None)

    def with_credit(self) -> Self:
        """Those with money that is on no invoice and was not paid back (`BIL-15`)."""
        return self.standing().filter(amount__gt=F("allocated_total") + F("refunded_total"))

    def credit_by_currency(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of customer, currency and the credit they have. One query."""
        return (
            self.with_credit()
            .order_by("organization", "currency")
            .values("organization", "currency")
            .annotate(credit=Sum(F("amount") - F("allocated_total") - F("refunded_total")))
        )


class StatementQuerySet(MoneyQuerySet):
    def with_counts(self) -> Self:
        """`new_count` is the number of lines a file brought."""
        return self.annotate(new_count=Count("entries"))


class StatementEntryQuerySet(MoneyQuerySet):
    def open(self) -> Self:
        """Money that came in and that nobody has booked or put aside."""
        return self.filter(state="open")


class ExchangeRateQuerySet(MoneyQuerySet):
    def between(self, one: str, other: str, first: date, last: date) -> Self:
        """What can tell how the two stand on the days from `first` to `last`, newest first: rates
        of the pair, and of each of them in a third currency."""
        pair = Q(base=one, currency=other) | Q(base=other, currency=one)
        return self.filter(pair | Q(currency__in=(one, other)), on__range=(first, last)).order_by(
            "-on", "base", "currency"
        )


class ReminderQuerySet(MoneyQuerySet):
    def proposed(self) -> Self:
        """Waiting for a clerk to send them."""
        return self.filter(state="proposed")

    def asked(self) -> Self:
        """Waiting for a worker to print and send them."""
        return self.proposed().filter(asked_at__isnull=False)


class ConfirmationQuerySet(MoneyQuerySet):
    def waiting(self) -> Self:
        return self.filter(state="proposed")


class BillingRunQuerySet(MoneyQuerySet):
    def under_way(self) -> Self:
        return self.filter(state__in=RUN_OPEN)

    def with_counts(self) -> Self:
        """Adds `total`, `waiting`, `done`, `skipped` and `failed`: how many rows are so."""
        counts = {
            state.value: Count("rows", filter=Q(rows__state=state), distinct=True)
            for state in RowState
        }
        return self.annotate(total=Count("rows", distinct=True), **counts)
