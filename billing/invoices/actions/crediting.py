"""Credit notes: a draft that takes lines back, issued like an invoice (`BIL-13`)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts.actions import drop_uses
from billing.invoices import amounts
from billing.invoices.lifecycle import State
from billing.invoices.models import DocumentKind, Invoice, InvoiceEvent, InvoiceLine, LineKind
from billing.invoices.permissions import may_book_money
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed, Refused
from portal.people.models import User

from .releasing import release
from .settling import free_excess, locked_invoices, made_once, settle_state, tell

ZERO = Decimal(0)
# The unit of an amount that is taken off a line whatever its quantity: a piece (`BIL-6`).
PIECE = "C62"
# Two roundings of a line may differ by so much; more means that an amount was credited before.
ROUNDING = Decimal("0.02")


@dataclass(frozen=True)
class Portion:
    """How much of a line to credit: a quantity in its unit, or a net amount; neither: the rest."""

    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass
class Rest:
    """What of a line no credit note has taken back, drafts of credit notes included."""

    line: InvoiceLine
    quantity: Decimal
    allowance: Decimal
    charge: Decimal
    net: Decimal

    @property
    def is_open(self) -> bool:
        return self.net != 0


def uncredited(invoice: Invoice) -> list[Rest]:
    """The lines of an invoice in their order, each with its rest. Two queries."""
    rests = {
        line.pk: Rest(line, line.quantity, line.allowance, line.charge, line.net)
        for line in invoice.lines.order_by("position")
    }
    for taken in InvoiceLine.objects.filter(credits__in=rests):
        if taken.credits_id is None:
            continue
        rest = rests[taken.credits_id]
        rest.net -= taken.net
        if (taken.unit, taken.unit_price) == (rest.line.unit, rest.line.unit_price):
            rest.quantity -= taken.quantity
            rest.allowance = max(ZERO, rest.allowance - taken.allowance)
            rest.charge = max(ZERO, rest.charge - taken.charge)
    return list(rests.values())


def credit(
    invoice: Invoice,
    *,
    by: User,
    reason: str,
    portions: Mapping[int, Portion] | None = None,
    frees_time: bool = False,
    key: UUID | None = None,
    at: datetime | None = None,
) -> Invoice:
    """Draft a credit note for lines of an issued invoice, by position; None credits all the rest.

    `frees_time`: when the invoice is credited in full, its hours may be billed again; else they
    stay credited. With the `key` of an earlier call it gives that note. Raises NotAllowed,
    MissingValue, and Refused for more than the rest of a line or of the invoice.
    """
    at = at or timezone.now()
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks write credit notes."))
    if not reason.strip():
        raise MissingValue("reason", _("Say why; it stands on the credit note."))

    def make() -> Invoice:
        # Its lock lets one credit note at a time see what is left.
        original = locked_invoices([invoice.pk])[invoice.pk]
        if not original.is_frozen or original.is_credit_note:
            raise MoveNotAllowed(_("Only an issued invoice can be credited."))
        note = _Note(original, uncredited(original))
        note.take(portions)
        return note.write(by, at, reason.strip()[:300], frees_time=frees_time, key=key)

    with transaction.atomic():
        note: Invoice = made_once(Invoice.objects.all(), key, make)
        return note


def apply_credit(note: Invoice, *, by: User | None, at: datetime) -> Invoice:
    """Let an issued credit note count on its invoice; call it in the transaction that issues.

    What was paid or given up beyond what the invoice still asks for is taken off it: paid money
    becomes the customer's credit.
    """
    original = locked_invoices([note.corrects_id or 0])[note.corrects_id or 0]
    free_excess(original, by=by, at=at, reason=_("Credited by %(number)s") % {"number": note})
    settle_state(original)
    if original.state == State.CANCELLED and note.frees_time:
        release(original, by=by, at=at, reason=_("Credited by %(number)s") % {"number": note})
    tell(
        original,
        InvoiceEvent.Kind.CREDITED,
        by,
        at,
        number=note.number,
        amount=str(note.payable_total),
    )
    return original


@transaction.atomic
def void(draft: Invoice, *, by: User) -> None:
    """Throw a draft away; what it would have billed or credited is open again (`BIL-11`).

    Raises MoveNotAllowed for everything that was issued: that stays for ever.
    """
    if not may_book_money(by):
        raise NotAllowed(_("Only billing clerks void drafts."))
    found = Invoice.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if found is None:
        return
    if found.is_frozen:
        raise MoveNotAllowed(
            _("Invoice %(number)s has been issued. Correct it by a credit note.")
            % {"number": found.number}
        )
    drop_uses(found.document_key)
    found.delete()


class _Note:
    """A credit note in the making."""

    def __init__(self, original: Invoice, rests: list[Rest]):
        self.original, self.rests = original, rests
        self.rows: list[dict[str, Any]] = []
        earlier = Invoice.objects.filter(corrects=original)
        self.earlier = list(earlier)
        self.rest_payable = original.payable_total - sum(
            (note.payable_total for note in self.earlier), ZERO
        )

    def take(self, portions: Mapping[int, Portion] | None) -> None:
        """Choose the lines. Raises Refused for more than a line has left."""
        by_position = {rest.line.position: rest for rest in self.rests}
        wanted = (
            {rest.line.position: Portion() for rest in self.rests if rest.is_open}
            if portions is None
            else dict(portions)
        )
        if not wanted:
            raise Refused(_("Nothing is left to credit on this invoice."))
        for position in sorted(wanted):
            if position not in by_position:
                raise Refused(_("This invoice has no line %(number)d.") % {"number": position})
            self.rows.append(self._row(by_position[position], wanted[position]))
        taken = {row["credits_id"]: row["net"] for row in self.rows}
        self.closes = all(rest.net == taken.get(rest.line.pk, ZERO) for rest in self.rests)

    def write(
        self, by: User, at: datetime, reason: str, *, frees_time: bool, key: UUID | None
    ) -> Invoice:
        original = self.original
        totals, allowances, charges = self._totals()
        note = Invoice(
            kind=DocumentKind.CREDIT_NOTE,
            corrects=original,
            correction_reason=reason,
            seller_id=original.seller_id,
            organization_id=original.organization_id,
            contract_id=original.contract_id,
            currency=original.currency,
            period_first=original.period_first,
            period_last=original.period_last,
            group=original.group,
            language=original.language,
            buyer_reference=original.buyer_reference,
            order_number=original.order_number,
            contract_number=original.contract_number,
            e_invoice=original.e_invoice,
            payment_terms_days=0,
            frees_time=frees_time,
            request_key=key,
            allowances=allowances,
            charges=charges,
            line_total=totals.lines,
            allowance_total=totals.allowances,
            charge_total=totals.charges,
            net_total=totals.net,
            vat_total=totals.tax,
            prepaid_total=totals.prepaid,
            rounding_total=totals.rounding,
            payable_total=totals.payable,
            vat_breakdown=[tax.as_row() for tax in totals.breakdown],
            minutes=sum(row["minutes"] for row in self.rows),
            created_at=at,
        )
        text = json.dumps([reason, self.rows, str(totals)], default=str, sort_keys=True)
        note.fingerprint = hashlib.sha256(text.encode()).hexdigest()
        note.save()
        InvoiceLine.objects.bulk_create(
            InvoiceLine(invoice=note, position=position, **row)
            for position, row in enumerate(self.rows, start=1)
        )
        tell(
            note,
            InvoiceEvent.Kind.DRAFTED,
            by,
            at,
            corrects=original.number,
            payable=str(note.payable_total),
        )
        return note

    def _row(self, rest: Rest, portion: Portion) -> dict[str, Any]:
        """One line of the note, as columns."""
        line, currency = rest.line, self.original.currency
        if not rest.is_open:
            raise Refused(_("Line %(number)d is credited already.") % {"number": line.position})
        if portion.amount is not None:
            return self._by_amount(rest, portion.amount)
        quantity = portion.quantity if portion.quantity is not None else rest.quantity
        if portion.quantity is not None:
            _within(portion.quantity, abs(rest.quantity), line.position, line.unit)
            quantity = quantity.copy_sign(line.quantity)
        is_rest = quantity == rest.quantity
        share = quantity / line.quantity if line.quantity else ZERO
        allowance = rest.allowance if is_rest else amounts.rounded(line.allowance * share, currency)
        charge = rest.charge if is_rest else amounts.rounded(line.charge * share, currency)
        net = amounts.line_net(
            quantity,
            line.unit_price,
            currency,
            price_base=line.price_base,
            allowances=[allowance],
            charges=[charge],
        )
        if is_rest and net != rest.net:
            if portion.quantity is None and abs(rest.net - net) > ROUNDING:
                return self._by_amount(rest, abs(rest.net))
            # A cent that earlier parts left over by their rounding.
            gap = rest.net - net
            allowance, charge, net = allowance + max(ZERO, -gap), charge + max(ZERO, gap), rest.net
        _within(abs(net), abs(rest.net), line.position, currency)
        return self._columns(line) | {
            "minutes": _minutes(line, quantity),
            "quantity": quantity,
            "unit": line.unit,
            "price_base": line.price_base,
            "unit_price": line.unit_price,
            "base_price": line.base_price,
            "multiplier": line.multiplier,
            "allowance": allowance,
            "allowance_reason": line.allowance_reason or (_("Rounding") if allowance else ""),
            "charge": charge,
            "charge_reason": line.charge_reason or (_("Rounding") if charge else ""),
            "net": net,
        }

    def _by_amount(self, rest: Rest, amount: Decimal) -> dict[str, Any]:
        """A net amount of a line, whatever its quantity: one piece of it."""
        line = rest.line
        if amount != amounts.rounded(amount, self.original.currency):
            raise Refused(
                _("Line %(number)d: %(currency)s has fewer decimals than that amount.")
                % {"number": line.position, "currency": self.original.currency}
            )
        _within(amount, abs(rest.net), line.position, self.original.currency)
        quantity = Decimal(1).copy_sign(rest.net)
        return self._columns(line) | {
            "quantity": quantity,
            "unit": PIECE,
            "unit_price": amount,
            "net": amount.copy_sign(rest.net),
        }

    def _columns(self, line: InvoiceLine) -> dict[str, Any]:
        return {
            "kind": LineKind.CREDIT,
            "credits_id": line.pk,
            "contract_id": line.contract_id,
            "activity_id": line.activity_id,
            "description": line.description,
            "detail": line.detail,
            "minutes": 0,
            "vat_category": line.vat_category,
            "vat_rate": line.vat_rate,
            "vat_reason": line.vat_reason,
        }

    def _totals(self) -> tuple[amounts.Totals, list[dict[str, str]], list[dict[str, str]]]:
        """Sums, with the allowances and charges of the whole document that the note takes along.

        The note that closes an invoice credits exactly what is left of it: cents that earlier
        notes rounded otherwise stand in its rounding amount (BT-114).
        """
        original = self.original
        is_first_to_close = self.closes and not any(
            note.allowances or note.charges or note.prepaid_total for note in self.earlier
        )
        allowances = original.allowances if is_first_to_close else []
        charges = original.charges if is_first_to_close else []
        prepaid = original.prepaid_total if is_first_to_close else ZERO

        def totals(rounding: Decimal) -> amounts.Totals:
            return amounts.totals_of(
                [
                    amounts.TaxedAmount(
                        row["net"], row["vat_category"], row["vat_rate"], row["vat_reason"]
                    )
                    for row in self.rows
                ],
                original.currency,
                allowances=[_taxed(row) for row in allowances],
                charges=[_taxed(row) for row in charges],
                prepaid=prepaid,
                rounding=rounding,
            )

        found = totals(ZERO)
        if self.closes and found.payable != self.rest_payable:
            found = totals(self.rest_payable - found.payable)
        if original.payable_total > 0 and not 0 <= found.payable <= self.rest_payable:
            raise Refused(
                _("Only %(amount)s %(currency)s of this invoice is left to credit.")
                % {"amount": self.rest_payable, "currency": original.currency}
            )
        return found, allowances, charges


def _taxed(row: Mapping[str, str]) -> amounts.TaxedAmount:
    return amounts.TaxedAmount(
        Decimal(row["amount"]), row["category"], Decimal(row["rate"]), row.get("vat_reason", "")
    )


def _within(asked: Decimal, left: Decimal, position: int, unit: str) -> None:
    """Raise Refused when a line has less left than is asked for, or for nothing at all."""
    if asked <= 0:
        raise Refused(
            _("Line %(number)d: enter how much to credit, above zero.") % {"number": position}
        )
    if asked > left:
        raise Refused(
            _("Line %(number)d has only %(left)s %(unit)s left to credit.")
            % {"number": position, "left": f"{left.normalize():f}", "unit": unit}
        )


def _minutes(line: InvoiceLine, quantity: Decimal) -> int:
    """The billed minutes that a quantity of a line stands for."""
    if not line.quantity:
        return 0
    return int(line.minutes * abs(quantity / line.quantity))
