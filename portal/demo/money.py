"""What a clerk can try with money: a file of the bank, exchange rates, limits for one person."""

from datetime import datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from billing.invoices import actions as invoicing
from billing.invoices.models import ApprovalLimit, Invoice
from billing.invoices.parse import Quote
from portal.people.models import User

# Among the stored files (var/media), to be uploaded under Invoices, Bank.
BANK_FILE = "demo/bank-statement.xml"


def tell_money(unpaid: Invoice, disputed: Invoice, clerk: User, now: datetime) -> None:
    """`unpaid` is paid by the file of the bank, exactly; of `disputed` a part, by its number."""
    today = timezone.localdate(now)
    payer = disputed.organization.name
    lines = [
        _entry(unpaid.balance, unpaid.currency, unpaid.organization.name, unpaid.payment_reference),
        _entry(Decimal("250.00"), disputed.currency, payer, "", f"part of {disputed.number}"),
        _entry(Decimal("19.90"), "EUR", "Somebody we do not know", "", "Thank you"),
    ]
    content = _file(unpaid.seller.iban, [line.format(day=today) for line in lines])
    default_storage.delete(BANK_FILE)
    default_storage.save(BANK_FILE, ContentFile(content.encode()))
    quotes = [
        Quote("EUR", currency, today - timedelta(days=days), Decimal(rate), "Demo")
        for currency, rate in (("JPY", "162.51"), ("USD", "1.0842"), ("GBP", "0.8571"))
        # Once a week, which is often enough to convert the costs of all months that are told.
        for days in range(1, 140, 7)
    ]
    invoicing.enter_rates(quotes, by=clerk, at=now)
    for currency, issue, credit, write_off in (
        ("EUR", 2500, 500, 100),
        ("JPY", 400_000, 80_000, 16_000),
    ):
        ApprovalLimit.objects.create(
            seller=unpaid.seller,
            currency=currency,
            issue_above=issue,
            credit_above=credit,
            write_off_above=write_off,
        )


def _entry(amount: Decimal, currency: str, payer: str, reference: str, text: str = "") -> str:
    told = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls>"
        f"<RltdPties><Dbtr><Nm>{escape(payer)}</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{escape(text)}</Ustrd>{told}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _file(account: str, entries: list[str]) -> str:
    """CAMT.053."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        "<GrpHdr><MsgId>DEMO</MsgId></GrpHdr><Stmt><Id>DEMO</Id>"
        f"<Acct><Id><IBAN>{account.replace(' ', '')}</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>\n"
    )
