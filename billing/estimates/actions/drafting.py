"""Writing an estimate: its lines are priced and added up by the arithmetic of invoices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from billing.contracts.matching import ContractTerms, language_for, terms_in_force
from billing.contracts.models import VatCategory
from billing.estimates.lifecycle import ANSWERABLE_AGAIN, State
from billing.estimates.models import Estimate, EstimateEvent, EstimateLine, Kind, LineKind
from billing.estimates.permissions import may_edit, may_prepare
from billing.invoices import amounts
from billing.invoices.models import Seller
from itil.tickets.errors import MissingValue, NotAllowed, Refused, StaleRecord
from itil.tickets.models import Ticket
from itil.tickets.numbering import next_number
from itil.timesheets.hours import business_date
from itil.timesheets.models import Activity
from portal.people.models import Organization, User

VALID_FOR = timedelta(days=30)


@dataclass(frozen=True)
class NewLine:
    """One line as typed. Of hours `minutes` counts, else `quantity`.

    `unit_price` None takes the contract's hourly rate for the activity.
    """

    description: str
    kind: str = LineKind.HOURS
    activity: Activity | None = None
    minutes: int = 0
    quantity: Decimal = Decimal(1)
    unit_price: Decimal | None = None


@transaction.atomic
def draft(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    title: str,
    lines: Sequence[NewLine],
    kind: str = Kind.INDICATIVE,
    introduction: str = "",
    valid_until: date | None = None,
) -> Estimate:
    """Write the first version of an estimate for the customer of `ticket`.

    Currency and VAT follow the contract of that day, else the seller; the language is that of
    `language_for`. Raises NotAllowed, Refused for a ticket without a customer or with another
    estimate under way, and MissingValue (lines, valid_until).
    """
    if not may_prepare(by, ticket):
        raise NotAllowed(_("Only billing clerks and the lead of the team write estimates."))
    # Two at once wait for each other here, and the second finds the estimate of the first.
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
    if ticket.organization_id is None:
        raise Refused(_("Give the ticket a customer first; an estimate is addressed to one."))
    under_way = Estimate.objects.current().filter(ticket_id=ticket.pk).first()
    if under_way is not None:
        raise Refused(
            _("%(estimate)s is there for this ticket already. Make a new version of it.")
            % {"estimate": under_way}
        )
    today = business_date(at)
    terms = terms_in_force().contract_for(ticket.organization_id, today)
    estimate = Estimate(
        number=next_number("EST"),
        ticket_id=ticket.pk,
        organization_id=ticket.organization_id,
        created_by=by,
        created_at=at,
        valid_until=valid_until or today + VALID_FOR,
        **_terms_of(ticket.organization, terms, today),
    )
    _write(estimate, terms, today, title, kind, introduction, lines)
    record(estimate, EstimateEvent.Kind.DRAFTED, by, at)
    return estimate


@transaction.atomic
def edit(
    estimate: Estimate,
    *,
    by: User,
    at: datetime,
    title: str,
    lines: Sequence[NewLine],
    kind: str,
    introduction: str = "",
    valid_until: date | None = None,
) -> Estimate:
    """Write a draft anew. Raises NotAllowed, StaleRecord once it was sent, MissingValue."""
    estimate = locked(estimate)
    if estimate.is_frozen:
        raise StaleRecord(_("%(estimate)s has been sent meanwhile.") % {"estimate": estimate})
    if not may_edit(by, estimate):
        raise NotAllowed(_("Only billing clerks and the lead of the team write estimates."))
    today = business_date(at)
    terms = terms_in_force().contract_for(estimate.organization_id, today)
    for name, value in _terms_of(estimate.organization, terms, today).items():
        setattr(estimate, name, value)
    estimate.valid_until = valid_until or estimate.valid_until
    estimate.lines.all().delete()
    _write(estimate, terms, today, title, kind, introduction, lines)
    record(estimate, EstimateEvent.Kind.EDITED, by, at)
    return estimate


@transaction.atomic
def new_version(estimate: Estimate, *, by: User, at: datetime) -> Estimate:
    """A draft with the content of `estimate` under the same number; asked twice it is one draft.

    The version before it stands until the new one is sent. Raises NotAllowed and Refused.
    """
    if not may_prepare(by, estimate.ticket):
        raise NotAllowed(_("Only billing clerks and the lead of the team write estimates."))
    estimate = locked(estimate)
    versions = Estimate.objects.filter(number=estimate.number).order_by("-version")
    newest: Estimate = versions[0]
    if newest.state == State.DRAFT:
        return newest
    if newest.state not in ANSWERABLE_AGAIN:
        raise Refused(_("%(estimate)s cannot have a new version.") % {"estimate": newest})
    lines = list(newest.lines.order_by("position"))
    today = business_date(at)
    copy = Estimate(
        **{
            field.attname: getattr(newest, field.attname)
            for field in Estimate._meta.concrete_fields
            if field.name in COPIED
        }
    )
    copy.version = newest.version + 1
    copy.created_by, copy.created_at = by, at
    copy.valid_until = max(newest.valid_until, today + VALID_FOR)
    copy.save()
    EstimateLine.objects.bulk_create(
        EstimateLine(
            estimate=copy,
            **{name: getattr(line, name) for name in COPIED_OF_LINES},
        )
        for line in lines
    )
    record(copy, EstimateEvent.Kind.DRAFTED, by, at)
    return copy


@transaction.atomic
def throw_away(estimate: Estimate, *, by: User) -> None:
    """Delete a draft. Raises NotAllowed, and FrozenEstimate once it was sent."""
    estimate = locked(estimate)
    if not may_prepare(by, estimate.ticket):
        raise NotAllowed(_("Only billing clerks and the lead of the team write estimates."))
    estimate.delete()


# A new version begins with these of the one before.
COPIED = {
    "number",
    "ticket",
    "organization",
    "contract",
    "kind",
    "title",
    "introduction",
    "currency",
    "language",
    "vat_category",
    "vat_rate",
    "vat_reason",
    "minutes",
    "net_total",
    "vat_total",
    "total",
}
COPIED_OF_LINES = (
    "position",
    "kind",
    "activity_id",
    "description",
    "minutes",
    "quantity",
    "unit_price",
    "net",
)


def locked(estimate: Estimate) -> Estimate:
    found: Estimate = (
        Estimate.objects.select_for_update(of=("self",))
        .select_related("ticket", "organization")
        .get(pk=estimate.pk)
    )
    return found


def issuing_seller() -> Seller:
    """Who makes the offer. Raises Refused when nobody entered our own details."""
    seller: Seller | None = Seller.objects.filter(active=True).order_by("pk").first()
    if seller is None:
        raise Refused(_("Enter our own legal details under Settings, Sellers, first."))
    return seller


def _terms_of(
    customer: Organization, terms: ContractTerms | None, today: date
) -> dict[str, object]:
    """Contract, language, currency and VAT; without a contract currency and VAT are those of our
    own country's standard.
    """
    language = language_for(customer, today, terms)
    if terms is not None:
        return {
            "language": language,
            "contract_id": terms.pk,
            "currency": terms.currency,
            "vat_category": terms.vat_category,
            "vat_rate": terms.vat_rate,
            "vat_reason": terms.vat_reason,
        }
    return {
        "language": language,
        "contract_id": None,
        "currency": issuing_seller().currency,
        "vat_category": VatCategory.STANDARD,
        "vat_rate": Decimal(settings.DEFAULT_VAT_RATE),
        "vat_reason": "",
    }


def _write(
    estimate: Estimate,
    terms: ContractTerms | None,
    today: date,
    title: str,
    kind: str,
    introduction: str,
    lines: Sequence[NewLine],
) -> None:
    """Columns, lines and totals of a draft."""
    if not title.strip():
        raise MissingValue("title", _("Say in a few words what the estimate is for."))
    if not lines:
        raise MissingValue("lines", _("Add at least one line."))
    if estimate.valid_until < today:
        raise MissingValue("valid_until", _("Choose today or a later date."))
    estimate.title, estimate.kind = title.strip(), kind
    estimate.introduction = introduction.strip()
    rows = [
        _row(line, position, estimate.currency, terms, today)
        for position, line in enumerate(lines, start=1)
    ]
    totals = amounts.totals_of(
        (
            amounts.TaxedAmount(
                row.net, estimate.vat_category, estimate.vat_rate, estimate.vat_reason
            )
            for row in rows
        ),
        estimate.currency,
    )
    estimate.minutes = sum(row.minutes for row in rows)
    estimate.net_total, estimate.vat_total = totals.net, totals.tax
    estimate.total = totals.payable
    estimate.save()
    for row in rows:
        row.estimate = estimate
    EstimateLine.objects.bulk_create(rows)


def _row(
    line: NewLine, position: int, currency: str, terms: ContractTerms | None, today: date
) -> EstimateLine:
    price = line.unit_price
    if price is None and line.activity and terms:
        price = terms.rate_for(line.activity.pk, today)
    if price is None:
        raise MissingValue(
            "lines",
            _("Line %(line)d has no price, and no contract gives one. Enter it.")
            % {"line": position},
        )
    is_hours = line.kind == LineKind.HOURS
    if is_hours and line.minutes < 1:
        raise MissingValue("lines", _("Line %(line)d has no hours.") % {"line": position})
    quantity = amounts.quantity_of(line.minutes).amount if is_hours else line.quantity
    return EstimateLine(
        position=position,
        kind=line.kind,
        activity=line.activity,
        description=line.description.strip() or str(line.activity or ""),
        minutes=line.minutes if is_hours else 0,
        quantity=quantity,
        unit_price=price,
        net=(
            amounts.price_of(line.minutes, price, currency)
            if is_hours
            else amounts.rounded(line.quantity * price, currency)
        ),
    )


def record(estimate: Estimate, kind: str, by: User | None, at: datetime, **data: object) -> None:
    EstimateEvent.objects.create(
        estimate=estimate,
        kind=kind,
        actor=by,
        at=at,
        data={"version": estimate.version, "net": str(estimate.net_total)} | data,
    )
