"""The statement of account: what was booked since a day, what is left, and how old it is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from billing.contracts.documents import Wording, spoken_to_customer
from billing.contracts.matching import language_for
from billing.invoices.einvoice import Payment
from billing.invoices.matching import AccountPart, part_of
from billing.invoices.models import Invoice, Seller
from portal.people.models import Organization

from .letterhead import letterhead_of
from .parties import details_of
from .transfer import payment_of


@dataclass(frozen=True)
class AccountLetter:
    """A customer's account in one currency from `since` on, as it is on the day of writing."""

    seller: Seller
    organization: Organization
    language: str
    currency: str
    since: date
    written_on: date
    part: AccountPart


def account_letter(
    seller: Seller, organization: Organization, currency: str, *, since: date, today: date
) -> AccountLetter:
    """In the language of the latest invoice, as those that it lists are read so; of a customer
    without one that of `language_for`. Seven queries, one more without an invoice.
    """
    billed = Invoice.objects.filter(organization=organization).issued().exclude(language="")
    latest = billed.order_by("-issued_on", "-pk").values_list("language", flat=True).first()
    return AccountLetter(
        seller=seller,
        organization=organization,
        language=latest or language_for(organization, today),
        currency=currency,
        since=since,
        written_on=today,
        part=part_of(organization, currency, since, today),
    )


def account_html(letter: AccountLetter) -> SafeString:
    """The page of a statement of account, for `pdf_of`: wholly in the language of the letter, or in
    English where our phrases do not know it, whoever speaks around it.
    """
    with spoken_to_customer(letter.language):
        return SafeString(render_to_string("documents/account.html", _page(letter)))


def _page(letter: AccountLetter) -> dict[str, Any]:
    language = get_language()
    wording, part = Wording.of(language), letter.part
    ours, theirs = details_of(letter.seller, letter.organization)
    kind = wording.say("account_statement")

    def money(amount: Decimal) -> str:
        return wording.money(amount, letter.currency)

    head = letterhead_of(ours, theirs, wording, number=theirs["name"])
    account = Payment(ours["name"], ours["iban"], ours["bic"], "")
    return head | {
        "language": language,
        "made_on": letter.written_on,
        "kind": kind,
        "title": f"{kind} {theirs['name']}",
        "facts": [
            (wording.say("date"), wording.day(letter.written_on)),
            (wording.say("since"), wording.day(letter.since)),
        ],
        "headline": f"{wording.say('account_balance')}: {money(part.balance)}",
        "intro": wording.say("account_text"),
        "heads": [
            wording.say(name) for name in ("date", "description", "amount", "account_balance")
        ],
        "rows": [
            ("", wording.say("account_carried"), "", money(part.carried)),
            *(
                (
                    wording.dated_day(row.on),
                    wording.say(row.kind.value, reference=row.reference).strip(),
                    money(row.amount),
                    money(row.balance),
                )
                for row in part.rows
            ),
        ],
        "ages_title": wording.say("ages_title"),
        "ages": [(wording.say(f"age_{age}"), money(open_)) for age, open_ in part.ages.items()],
        "sums": [
            (wording.say("open_invoices"), money(sum(part.ages.values(), Decimal(0)))),
            *([(wording.say("your_credit"), money(-part.credit))] if part.credit else []),
            (wording.say("account_balance"), money(part.balance)),
        ],
        "notes": [],
        "payment": payment_of(account, part.balance, letter.currency, wording)
        if ours["iban"] and part.balance > 0
        else None,
    }
