"""Statements of accounts: CAMT.053 and CSV, as lines of money that came in.

Nothing here is believed: the XML is read without entities, files have a limit, and a file is taken
whole or not at all. Raises UnreadableStatement with a sentence that says where it is wrong.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from billing.invoices.errors import UnreadableStatement

from .money import AmountError, money

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 20_000
DATE_ORDERS = {"ymd": "%Y-%m-%d", "dmy": "%d-%m-%Y", "mdy": "%m-%d-%Y", "compact": "%Y%m%d"}
ENCODINGS = ("utf-8-sig", "cp1252")


@dataclass(frozen=True)
class BankLine:
    """Money that came in; `key` is the same whichever file brings the line."""

    position: int
    booked_on: date
    amount: Decimal
    currency: str
    payer: str
    payer_account: str
    reference: str
    text: str
    key: str


@dataclass
class Statements:
    """What a file holds: money that came in, and how many lines were left out and why not."""

    lines: list[BankLine] = field(default_factory=list)
    # Money that went out, and what the bank has not booked yet.
    left_out: int = 0


@dataclass(frozen=True)
class CsvMapping:
    """Which column of a file is what, counted from 0; None for none."""

    booked_on: int
    amount: int
    date_order: str = "ymd"
    separator: str = "."
    delimiter: str = ","
    has_head: bool = True
    currency_column: int | None = None
    currency: str = "EUR"
    payer: int | None = None
    payer_account: int | None = None
    reference: int | None = None
    text: int | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "CsvMapping":
        return cls(**stored)


def is_camt(content: bytes) -> bool:
    """Whether the file is XML; CSV never begins with an angle bracket."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def camt_lines(content: bytes) -> Statements:
    """The booked credits of a CAMT.053 file, any version; a batch gives its single payments."""
    _check_size(content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise UnreadableStatement(
            _("This is not readable XML: line %(line)d. Ask the bank for the file again.")
            % {"line": problem.lineno or 1}
        ) from problem
    if root.getroottree().docinfo.doctype:
        raise UnreadableStatement(
            _("The file declares a document type, which a bank's statement never does.")
        )
    statements = root.findall("{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise UnreadableStatement(
            _("This XML is no CAMT.053 statement (it has no BkToCstmrStmt with a Stmt).")
        )
    found = Statements()
    seen: Counter[str] = Counter()
    for statement in statements:
        account = _xml_text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
        for entry in statement.findall("{*}Ntry"):
            for row in _camt_entry(entry):
                if row is None:
                    found.left_out += 1
                else:
                    _add(found, seen, account, **row)
    return found


def csv_head(content: bytes, *, delimiter: str = "", rows: int = 6) -> list[list[str]]:
    """The first rows of a CSV file, for the person who says what its columns are."""
    found = []
    for row in _csv_rows(content, delimiter or _delimiter(content)):
        if any(cell.strip() for cell in row):
            found.append(row)
        if len(found) == rows:
            break
    if not found or max(len(row) for row in found) < 2:
        raise UnreadableStatement(
            _("This file has no columns. Export it from the bank as CAMT.053 or CSV.")
        )
    return found


# Words in the heads of columns, in the languages banks write here.
HINTS: dict[str, tuple[str, ...]] = {
    "booked_on": ("date", "datum", "buchungstag", "fecha"),
    "amount": ("amount", "bedrag", "betrag", "montant", "importe"),
    "currency_column": ("currency", "munt", "währung", "waehrung", "devise"),
    "payer_account": ("iban", "counterparty account", "tegenrekening", "konto"),
    "payer": ("name", "naam", "payer", "auftraggeber", "nom"),
    "reference": ("reference", "kenmerk", "referenz", "référence"),
    "text": ("description", "omschrijving", "verwendungszweck", "mededeling", "text", "libellé"),
}


def guessed_mapping(content: bytes) -> dict[str, Any]:
    """What the head of a CSV file suggests, for the form; a person confirms it."""
    delimiter = _delimiter(content)
    rows = csv_head(content, delimiter=delimiter)
    heads = [cell.strip().casefold() for cell in rows[0]]
    found: dict[str, Any] = {"delimiter": delimiter, "has_head": True}
    taken: set[int] = set()
    for name, words in HINTS.items():
        for index, head in enumerate(heads):
            if index not in taken and any(word in head for word in words):
                found[name] = index
                taken.add(index)
                break
    sample = rows[1] if len(rows) > 1 else []
    if "amount" in found and found["amount"] < len(sample):
        figures = sample[found["amount"]]
        found["separator"] = "," if figures.rfind(",") > figures.rfind(".") else "."
    if "booked_on" in found and found["booked_on"] < len(sample):
        found["date_order"] = _date_order(sample[found["booked_on"]])
    return found


def csv_lines(content: bytes, mapping: CsvMapping) -> Statements:
    """The credits of a CSV file by `mapping`; amounts below zero went out and are left out."""
    _check_size(content)
    found = Statements()
    seen: Counter[str] = Counter()
    problems: list[str] = []
    rows = _csv_rows(content, mapping.delimiter)
    if mapping.has_head:
        next(rows, None)
    for number, row in enumerate(rows, start=2 if mapping.has_head else 1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            line = _csv_row(row, mapping)
        except UnreadableStatement as problem:
            problems.append(_("Line %(line)d: %(problem)s") % {"line": number, "problem": problem})
            if len(problems) == 5:
                break
            continue
        if line["amount"] <= 0:
            found.left_out += 1
        else:
            _add(found, seen, "", **line)
    if problems:
        raise UnreadableStatement(" ".join(problems))
    if not found.lines and not found.left_out:
        raise UnreadableStatement(_("The file has no lines below its head."))
    return found


def _add(
    found: Statements, seen: Counter[str], account: str, *, own_key: str = "", **row: Any
) -> None:
    """Add a line under a key made of what the bank says; equal lines of a file are counted."""
    if len(found.lines) >= MAX_LINES:
        raise UnreadableStatement(
            _("The file has more than %(count)d lines. Export a shorter period.")
            % {"count": MAX_LINES}
        )
    parts = [account, own_key] if own_key else [account, *(str(row[name]) for name in sorted(row))]
    base = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    seen[base] += 1
    # Two payments that look the same are two; the same one in the next file is not a third.
    key = hashlib.sha256(f"{base} {seen[base]}".encode()).hexdigest()
    cut = {"payer": 140, "payer_account": 42, "reference": 140, "text": 500}
    values = {name: value[: cut[name]] if name in cut else value for name, value in row.items()}
    found.lines.append(BankLine(position=len(found.lines) + 1, key=key, **values))


def _camt_entry(entry: Any) -> Iterator[dict[str, Any] | None]:
    """The payments of one entry; None for what is no booked credit."""
    status = _xml_text(entry, "Sts/Cd", "Sts")
    is_credit = _xml_text(entry, "CdtDbtInd") == "CRDT"
    if _xml_text(entry, "RvslInd") == "true":
        is_credit = False
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    if status not in ("BOOK", "") or not is_credit:
        yield None
        return
    booked = _xml_date(entry)
    bank_key = _xml_text(entry, "AcctSvcrRef")
    singles = [one for one in details if _xml_amount(one) is not None]
    if len(details) > 1 and len(singles) == len(details):
        for number, one in enumerate(details, start=1):
            if _xml_text(one, "CdtDbtInd") == "DBIT":
                yield None
                continue
            key = _xml_text(one, "Refs/AcctSvcrRef") or (bank_key and f"{bank_key}/{number}")
            yield _camt_payment(one, _needed(_xml_amount(one)), booked, key)
        return
    yield _camt_payment(
        details[0] if details else entry, _needed(_xml_amount(entry)), booked, bank_key
    )


def _camt_payment(
    detail: Any, amount: tuple[Decimal, str], booked: date, bank_key: str
) -> dict[str, Any]:
    words = [" ".join((node.text or "").split()) for node in detail.findall("{*}RmtInf/{*}Ustrd")]
    remitted = _xml_text(detail, "RmtInf/Strd/CdtrRefInf/Ref")
    end_to_end = _xml_text(detail, "Refs/EndToEndId")
    return {
        "booked_on": booked,
        "amount": amount[0],
        "currency": amount[1],
        "payer": _xml_text(detail, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm"),
        "payer_account": _xml_text(detail, "RltdPties/DbtrAcct/Id/IBAN"),
        "reference": remitted or ("" if end_to_end == "NOTPROVIDED" else end_to_end),
        "text": " ".join(words) or _xml_text(detail, "AddtlTxInf", "AddtlNtryInf"),
        "own_key": bank_key,
    }


def _needed(amount: tuple[Decimal, str] | None) -> tuple[Decimal, str]:
    if amount is None:
        raise UnreadableStatement(_("An entry of the statement has no amount."))
    return amount


def _xml_amount(node: Any) -> tuple[Decimal, str] | None:
    for path in ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt", "{*}AmtDtls/{*}InstdAmt/{*}Amt"):
        found = node.find(path)
        if found is None:
            continue
        try:
            amount = Decimal((found.text or "").strip())
        except InvalidOperation:
            amount = Decimal("NaN")
        currency = found.get("Ccy", "")
        if not amount.is_finite() or amount <= 0 or len(currency) != 3:
            raise UnreadableStatement(
                _("“%(text)s” in line %(line)d is no amount with a currency.")
                % {"text": (found.text or "")[:20], "line": found.sourceline or 0}
            )
        return amount, currency
    return None


def _xml_date(entry: Any) -> date:
    text = _xml_text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    try:
        return date.fromisoformat(text[:10])
    except ValueError as problem:
        raise UnreadableStatement(
            _("The entry in line %(line)d has no booking date.") % {"line": entry.sourceline or 0}
        ) from problem


def _xml_text(node: Any, *paths: str) -> str:
    """The text at the first of `paths` that is there; names without their namespace."""
    for path in paths:
        found = node.find("/".join(f"{{*}}{name}" for name in path.split("/")))
        if found is not None and (found.text or "").strip():
            return " ".join(found.text.split())
    return ""


def _csv_row(row: Sequence[str], mapping: CsvMapping) -> dict[str, Any]:
    def cell(index: int | None) -> str:
        return " ".join(row[index].split()) if index is not None and index < len(row) else ""

    figures, day = cell(mapping.amount), cell(mapping.booked_on)
    try:
        amount = money(figures, separator=mapping.separator)
    except AmountError as problem:
        raise UnreadableStatement(
            _("“%(text)s” is no amount with “%(mark)s” before the decimals.")
            % {"text": figures[:20], "mark": mapping.separator}
        ) from problem
    try:
        written = day[:10].replace("/", "-").replace(".", "-")
        # A day has no zone; only its date is kept.
        booked = datetime.strptime(written, DATE_ORDERS[mapping.date_order]).date()  # noqa: DTZ007
    except ValueError as problem:
        raise UnreadableStatement(
            _("“%(text)s” is no date in the order chosen.") % {"text": day[:20]}
        ) from problem
    currency = cell(mapping.currency_column).upper() or mapping.currency
    if len(currency) != 3 or not currency.isalpha():
        raise UnreadableStatement(_("“%(text)s” is no currency.") % {"text": currency[:20]})
    return {
        "booked_on": booked,
        "amount": amount,
        "currency": currency,
        "payer": cell(mapping.payer),
        "payer_account": cell(mapping.payer_account).replace(" ", ""),
        "reference": cell(mapping.reference),
        "text": cell(mapping.text),
    }


def _csv_rows(content: bytes, delimiter: str) -> Iterator[list[str]]:
    _check_size(content)
    try:
        yield from csv.reader(io.StringIO(_decoded(content), newline=""), delimiter=delimiter)
    except csv.Error as problem:
        raise UnreadableStatement(
            _("The file is no CSV: %(problem)s.") % {"problem": problem}
        ) from problem


def _delimiter(content: bytes) -> str:
    """The mark that the first line has most of."""
    first = _decoded(content).lstrip().partition("\n")[0]
    return max((";", ",", "\t"), key=first.count)


def _date_order(text: str) -> str:
    written = text[:10].replace("/", "-").replace(".", "-")
    for order, pattern in DATE_ORDERS.items():
        try:
            datetime.strptime(written, pattern)  # noqa: DTZ007
        except ValueError:
            continue
        return order
    return "ymd"


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise UnreadableStatement(_("This is no text file. Export it as CAMT.053 or CSV."))
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableStatement(_("The letters of this file cannot be read. Save it as UTF-8."))


def _check_size(content: bytes) -> None:
    if not content.strip():
        raise UnreadableStatement(_("The file is empty."))
    if len(content) > MAX_BYTES:
        raise UnreadableStatement(
            _("The file is larger than %(size)d MB. Export a shorter period.")
            % {"size": MAX_BYTES // 1024 // 1024}
        )
