"""Files of exchange rates: the XML of the European Central Bank, and CSV.

Nothing here is believed: the XML is read without entities, files have a limit, and a file is taken
whole or not at all. Raises UnreadableRates with a sentence that says where it is wrong.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import etree

from billing.contracts.amounts.money import currency_code
from billing.invoices.errors import UnreadableRates

MAX_BYTES = 10 * 1024 * 1024
MAX_RATES = 50_000
# What the bank quotes everything in.
OF_THE_BANK = "EUR"
BANK = "ECB"
COLUMNS = ("date", "base", "currency", "rate")


@dataclass(frozen=True)
class Quote:
    """One unit of `base` cost `rate` units of `currency` on this day, says `source`."""

    base: str
    currency: str
    on: date
    rate: Decimal
    source: str


def quotes_of(content: bytes, *, source: str) -> list[Quote]:
    """What a file says; XML is the bank's, all else CSV with a line of heads.

    CSV has the columns date (2026-03-31), base, currency and rate (1.0842), and may have source;
    `source` is said of lines without.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableRates(_("The file is larger than 10 MB."))
    is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    found: dict[tuple[str, str, date], Quote] = {}
    for quote in _of_xml(content) if is_xml else _of_csv(content, source):
        found[quote.base, quote.currency, quote.on] = quote
        if len(found) > MAX_RATES:
            raise UnreadableRates(
                _("The file has more than %(count)d rates. Take one of fewer days.")
                % {"count": MAX_RATES}
            )
    if not found:
        raise UnreadableRates(_("No rates were found in the file."))
    return list(found.values())


def _of_xml(content: bytes) -> Iterator[Quote]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise UnreadableRates(
            _("The XML cannot be read: %(problem)s") % {"problem": problem}
        ) from problem
    for day in root.iter("{*}Cube"):
        for one in day.iterchildren("{*}Cube") if day.get("time") else ():
            yield _quote(
                {**one.attrib, "date": day.get("time"), "base": OF_THE_BANK, "source": BANK},
                str(one.sourceline),
            )


def _of_csv(content: bytes, source: str) -> Iterator[Quote]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableRates(_("Save the file as UTF-8.")) from problem
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UnreadableRates(
            _("The first line must name the columns; missing: %(names)s.")
            % {"names": ", ".join(missing)}
        )
    rows.fieldnames = names
    try:
        for row in rows:
            if any(row.values()):
                given = {name: (row[name] or "").strip() for name in COLUMNS}
                said = str(row.get("source") or "").strip() or source
                yield _quote(given | {"source": said}, str(rows.line_num))
    except csv.Error as problem:
        raise UnreadableRates(
            _("Line %(line)s cannot be read.") % {"line": rows.line_num}
        ) from problem


def _quote(given: dict[str, str], line: str) -> Quote:
    """Raises UnreadableRates naming the line."""
    try:
        rate = Decimal(given["rate"])
        on = date.fromisoformat(given["date"])
        base, currency = given["base"].upper(), given["currency"].upper()
        for code in (base, currency):
            currency_code(code)
        fits = rate.is_finite() and 0 < rate < Decimal(10) ** 12 and base != currency
    except (KeyError, TypeError, ValueError, InvalidOperation, ValidationError):
        fits = False
    if not fits:
        raise UnreadableRates(
            _("Line %(line)s is no rate: a day, two currencies and a number are needed.")
            % {"line": line}
        )
    if not given["source"]:
        raise UnreadableRates(_("Say where the rates come from."))
    return Quote(base, currency, on, rate, given["source"][:100])
