"""Which work is not billed, and why not: the way back from hours to invoices."""

from datetime import date, timedelta

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from billing.contracts.models import Coverage, TimePrice
from billing.invoices.lifecycle import State
from billing.invoices.models import BilledTime
from itil.timesheets.models import EntryState, TimeEntry


class Why(TextChoices):
    """Why billable work stands on no issued invoice, from the person's desk to ours."""

    DRAFT = "draft", _("Not submitted")
    SUBMITTED = "submitted", _("Waits for approval")
    REJECTED = "rejected", _("Rejected, to be corrected")
    NO_PRICE = "no_price", _("Approved, without a price yet")
    NEXT_RUN = "next_run", _("Waits for the next run")
    ON_DRAFT = "on_draft", _("On a draft")


class Age(TextChoices):
    """Days since the work, from the first to before the second."""

    MONTH = "0-31", _("up to 30 days")
    TWO = "31-61", _("31 to 60 days")
    THREE = "61-91", _("61 to 90 days")
    OLD = "91-", _("more than 90 days")

    def days(self) -> tuple[int, int | None]:
        first, _dash, after = self.value.partition("-")
        return int(first), int(after) if after else None


def unbilled() -> QuerySet[TimeEntry]:
    """Billable work that no issued invoice has, each with `why`; written-off time is none.

    What a contract includes is covered and not waited for.
    """
    on_draft = BilledTime.objects.filter(
        entry=OuterRef("pk"), live=True, line__invoice__state=State.DRAFT
    )
    priced = TimePrice.objects.filter(entry=OuterRef("pk"))
    covered = Q(price__coverage__in=(Coverage.INCLUDED, Coverage.NON_BILLABLE))
    return (
        TimeEntry.objects.billable()
        .exclude(state__in=(EntryState.INVOICED, EntryState.WRITTEN_OFF))
        .exclude(covered)
        .annotate(
            why=Case(
                When(~Q(state=EntryState.APPROVED), then=F("state")),
                When(Exists(on_draft), then=Value(Why.ON_DRAFT.value)),
                When(Exists(priced), then=Value(Why.NEXT_RUN.value)),
                default=Value(Why.NO_PRICE.value),
                output_field=CharField(),
            )
        )
    )


def of_age(age: Age, today: date) -> Q:
    """Entries whose work is so long ago on `today`, a date of the business zone."""
    first, after = age.days()
    found = Q(work_date__lte=today - timedelta(days=first)) if first else Q()
    if after is not None:
        found &= Q(work_date__gt=today - timedelta(days=after))
    return found


def age_of(day: date, today: date) -> Age:
    """How old work of `day` is; work of a day to come is of the youngest."""
    past = (today - day).days
    return next(age for age in reversed(Age) if past >= age.days()[0] or age == Age.MONTH)


def billed_of(ticket_pk: int) -> QuerySet[BilledTime]:
    """Rows of where the time on a ticket stands: invoice, line, raw and billed minutes. One
    query; what was credited in full and may be billed again is left out.
    """
    found = BilledTime.objects.filter(entry__ticket=ticket_pk, live=True)
    return found.select_related("line__invoice", "entry__agent").order_by(
        "line__invoice__period_first", "line__position", "entry__work_date", "pk"
    )
