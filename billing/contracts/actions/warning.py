"""Telling that prepaid hours run out: at 80 and at 100 percent, once each (`BIL-7`)."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.contracts.amounts.prepaid import Drawn, reached
from billing.contracts.documents import HourStyle, Wording, spoken_to_customer
from billing.contracts.matching import Balance, balances, language_for
from billing.contracts.matching.ledger import block_of
from billing.contracts.models import BlockWarning, Contract, PrepaidBlock, Unit
from itil.timesheets.hours import business_date
from portal.outbox.actions import post
from portal.people.models import Membership, Role, User

PERCENTS = (80, 100)


def warn_about_blocks(*, at: datetime | None = None) -> int:
    """Mail about every usable block that newly reached a share; returns how many there were.

    A block that went past both at once is told of once, at the higher.
    """
    at = at or timezone.now()
    today = business_date(at)
    usable = PrepaidBlock.objects.usable_on(today).values("contract_id")
    told = 0
    contracts = Contract.objects.active().filter(pk__in=usable).order_by("pk")
    for contract in contracts.select_related("organization", "manager", "contact"):
        for balance in balances(contract):
            if balance.is_usable(today) and _warn(contract, balance, at):
                told += 1
    return told


@transaction.atomic
def _warn(contract: Contract, balance: Balance, at: datetime) -> bool:
    """True when it was told now. The row keeps two workers from telling it twice."""
    new = []
    for percent in reached(block_of(balance.block), Drawn(balance.drawn), PERCENTS):
        _row, made = BlockWarning.objects.get_or_create(
            block=balance.block, percent=percent, defaults={"at": at}
        )
        new += [percent] if made else []
    if not new:
        return False
    for address, person in readers_of(contract).items():
        _mail(contract, balance, max(new), address, person, at)
    return True


def readers_of(contract: Contract) -> dict[str, User | None]:
    """Who hears of it, by address: our contract manager, else the billing clerks, and the contact
    of the customer, else the customer's address for invoices.
    """
    ours = [contract.manager] if contract.manager else _clerks()
    people = [*ours, *([contract.contact] if contract.contact else [])]
    found: dict[str, User | None] = {
        person.email: person
        for person in people
        if person.is_active and person.email and person.mail_undeliverable_at is None
    }
    if not contract.contact and contract.organization.billing_email:
        found[contract.organization.billing_email] = None
    return found


def _clerks() -> list[User]:
    members = Membership.objects.filter(role=Role.BILLING_CLERK).values("user")
    return list(User.objects.filter(pk__in=members, is_active=True))


def _mail(
    contract: Contract,
    balance: Balance,
    percent: int,
    address: str,
    person: User | None,
    at: datetime,
) -> None:
    is_ours = person is not None and person.grants.is_staff
    with spoken_to_customer(_language(contract, person if is_ours else None, at)):
        context = _figures(balance, percent) | {
            "contract": contract,
            "block": balance.block,
            "is_used_up": percent >= 100,
            "site": settings.WAGTAIL_SITE_NAME,
            "url": settings.SITE_URL + contract.get_absolute_url(),
            "is_ours": is_ours,
        }
        subject = _("%(percent)s of “%(block)s” is used up") % {
            "percent": context["percent"],
            "block": balance.block.name,
        }
        text = render_to_string("mail/block_warning.txt", context)
    post(
        key=f"block:{balance.block.pk}:{percent}:{address}",
        to=address,
        subject=subject,
        text=text.strip() + "\n",
        headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
    )


def _language(contract: Contract, colleague: User | None, at: datetime) -> str:
    """A colleague reads the own language or that of the desk, the customer that of the contract."""
    if colleague is not None:
        return colleague.language or settings.LANGUAGE_CODE
    return language_for(contract.organization, business_date(at), contract)


def _figures(balance: Balance, percent: int) -> dict[str, str]:
    """What stands in the mail of numbers and days, as the active language writes them."""
    wording, block = Wording.of(get_language()), balance.block
    amounts = {"bought": block.granted, "used": balance.drawn, "left": balance.left}
    style = HourStyle.of(int(amount) for amount in amounts.values())

    def written(amount: Decimal) -> str:
        if block.unit == Unit.MONEY:
            return wording.money(amount, block.contract.currency)
        return _("%(hours)s h") % {"hours": wording.hours(int(amount), style)}

    return {name: written(Decimal(amount)) for name, amount in amounts.items()} | {
        "percent": wording.percent(Decimal(percent)),
        "until": wording.day(block.last_day),
    }
