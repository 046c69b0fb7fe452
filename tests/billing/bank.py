"""Files as banks send them."""


def entry(
    amount: str,
    *,
    currency: str = "EUR",
    direction: str = "CRDT",
    status: str = "BOOK",
    booked: str = "2026-05-10",
    payer: str = "Somebody",
    account: str = "DE02120300000000202051",
    reference: str = "",
    text: str = "",
    bank_reference: str = "",
    details: str = "",
    more: str = "",
) -> str:
    """One entry of a CAMT.053 statement."""
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
    details = details or (
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
        f"<RltdPties><Dbtr><Nm>{payer}</Nm></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd>{structured if reference else ''}</RmtInf></TxDtls>"
    )
    key = f"<AcctSvcrRef>{bank_reference}</AcctSvcrRef>" if bank_reference else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{more}"
        f"<Sts>{status}</Sts><BookgDt><Dt>{booked}</Dt></BookgDt>{key}"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def camt(*entries: str, statement: str = "S1") -> bytes:
    """A CAMT.053 file with one statement."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'><BkToCstmrStmt>"
        f"<GrpHdr><MsgId>{statement}</MsgId></GrpHdr><Stmt><Id>{statement}</Id>"
        "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
