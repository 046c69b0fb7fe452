"""Selling hours or money in advance, and keeping what was drawn from them (`BIL-7`)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.contracts import permissions
from billing.contracts.amounts.months import later, month_end, months_between
from billing.contracts.amounts.prepaid import Use
from billing.contracts.models import (
    BlockUse,
    ChargeKind,
    Contract,
    ContractEvent,
    PrepaidBlock,
    Retainer,
    Unit,
    UnitCode,
)
from itil.tickets.errors import NotAllowed, Refused
from itil.timesheets import actions as timesheets
from itil.timesheets.hours import business_date
from itil.timesheets.models import TimeEntry
from portal.people.models import User

from .charging import add_charge, in_words
from .contracting import record

BATCH = 500


@transaction.atomic
def sell_block(
    contract: Contract,
    *,
    by: User | None,
    name: str,
    price: Decimal,
    valid_from: date,
    valid_to: date,
    minutes: int = 0,
    amount: Decimal = Decimal(0),
    rolls_to: date | None = None,
    cap: Decimal | None = None,
    sold_on: date | None = None,
    at: datetime | None = None,
) -> PrepaidBlock:
    """Sell `minutes` or an `amount` of money in advance, and charge `price` for it with VAT.

    `cap` limits what may be used after `valid_to` until `rolls_to`, in minutes or money. Raises
    Refused for what contradicts itself.
    """
    if not permissions.may_change(by):
        raise NotAllowed(_("Only billing clerks sell prepaid hours."))
    at = at or timezone.now()
    block = PrepaidBlock(
        contract=contract,
        name=name.strip(),
        unit=Unit.HOURS if minutes else Unit.MONEY,
        minutes=minutes,
        amount=amount,
        price=price,
        valid_from=valid_from,
        valid_to=valid_to,
        rolls_to=rolls_to,
        cap=cap,
        sold_at=at,
    )
    _save(block)
    block.charge = add_charge(
        contract.organization,
        by=by,
        contract=contract,
        on=sold_on or business_date(at),
        kind=ChargeKind.BLOCK,
        description=block.name,
        unit=UnitCode.PIECE,
        unit_price=price,
        source=f"block:{block.uuid}",
        at=at,
    )
    block.save(update_fields=["charge"])
    record(contract, ContractEvent.Kind.BLOCK_SOLD, by=by, at=at, text=block.name)
    return block


@transaction.atomic
def open_months(until: date, *, at: datetime | None = None) -> list[PrepaidBlock]:
    """Sell each retainer's months that have begun by `until`; those sold before stay as they are.

    Run it as often as you like; returns the months that are new.
    """
    at = at or timezone.now()
    made = []
    retainers = Retainer.objects.select_related("contract__organization").order_by("pk")
    for retainer in retainers.filter(first_month__lte=until).select_for_update(of=("self",)):
        sold = set(retainer.blocks.values_list("valid_from", flat=True))
        made += [
            _sell_month(retainer, month, at)
            for month in months_between(
                retainer.first_month, min(until, retainer.last_month or until)
            )
            if month not in sold
        ]
    return made


def _sell_month(retainer: Retainer, month: date, at: datetime) -> PrepaidBlock:
    contract = retainer.contract
    name = f"{retainer.name} {month:%Y-%m}"
    last = month_end(month)
    keeps = retainer.keeps_months
    block = PrepaidBlock(
        contract=contract,
        retainer=retainer,
        name=name,
        unit=retainer.unit,
        minutes=retainer.minutes,
        amount=retainer.amount,
        price=retainer.price,
        valid_from=month,
        valid_to=last,
        rolls_to=month_end(later(month, keeps)) if keeps else None,
        cap=retainer.cap,
        sold_at=at,
    )
    _save(block)
    block.charge = add_charge(
        contract.organization,
        by=None,
        contract=contract,
        on=month,
        kind=ChargeKind.RETAINER,
        description=name,
        unit=UnitCode.MONTH,
        unit_price=retainer.price,
        source=f"retainer:{retainer.pk}:{month:%Y-%m}",
        at=at,
    )
    block.save(update_fields=["charge"])
    return block


@transaction.atomic
def store_uses(document: str, uses: Iterable[Use], *, at: datetime | None = None) -> list[BlockUse]:
    """Keep what the draft `document` draws from blocks, instead of what it drew before."""
    at = at or timezone.now()
    drop_uses(document)
    return BlockUse.objects.bulk_create(
        [
            BlockUse(
                block_id=use.block,
                entry_id=use.entry,
                segment=use.segment,
                work_date=use.work_date,
                minutes=use.minutes,
                amount=use.amount,
                document=document,
                created_at=at,
            )
            for use in uses
        ],
        batch_size=BATCH,
    )


def drop_uses(document: str) -> None:
    """The draft `document` is gone, and so is what it drew."""
    BlockUse.objects.filter(document=document, frozen_at=None).delete()


@transaction.atomic
def freeze_uses(document: str, *, at: datetime | None = None) -> int:
    """`document` was issued, or its month closed without anything to pay: what it drew is drawn,
    and the entries behind it are locked. Returns how many uses there were.
    """
    at = at or timezone.now()
    uses = BlockUse.objects.select_for_update().filter(document=document, frozen_at=None)
    entries = list(TimeEntry.objects.filter(pk__in=[use.entry_id for use in uses]))
    count = uses.update(frozen_at=at)
    timesheets.mark_invoiced(entries, at=at)
    return count


@transaction.atomic
def return_uses(entries: Iterable[TimeEntry], *, at: datetime | None = None) -> list[BlockUse]:
    """What issued documents drew for `entries` goes back to the same blocks, expired or not.

    Each use is returned once. A return to a block that has expired is marked: somebody decides
    what becomes of it.
    """
    at = at or timezone.now()
    today = business_date(at)
    keys = [entry.pk for entry in entries]
    drawn = (
        BlockUse.objects.frozen()
        .select_for_update(of=("self",))
        .filter(entry__in=keys, returns=None, returned_by=None)
        .select_related("block")
    )
    return BlockUse.objects.bulk_create(
        [
            BlockUse(
                block=use.block,
                entry_id=use.entry_id,
                segment=use.segment,
                work_date=use.work_date,
                minutes=-use.minutes,
                amount=-use.amount,
                document=use.document,
                frozen_at=at,
                returns=use,
                after_expiry=today > use.block.last_day,
                created_at=at,
            )
            for use in drawn
        ],
        batch_size=BATCH,
    )


def _save(block: PrepaidBlock) -> None:
    try:
        block.full_clean(exclude=["charge"])
    except ValidationError as error:
        raise Refused(in_words(error, block)) from error
    block.save()
