"""Bank files: every booked credit once, bad files refused with the place."""

from datetime import date
from decimal import Decimal

import pytest

from billing.invoices.errors import UnreadableStatement
from billing.invoices.parse import CsvMapping, camt_lines, csv_lines, guessed_mapping, is_camt
from tests.billing.bank import camt, entry

SHEET = (
    "Datum;Bedrag;Naam;IBAN;Omschrijving\n"
    "10-05-2026;1.190,00;Acme GmbH;DE02120300000000202051;HAL-2026-000001\n"
    "11-05-2026;-45,90;Telecom;NL91ABNA0417164300;Invoice 7\n"
    "\n"
    "12-05-2026;50,00;Globex;;thanks\n"
)
COLUMNS = CsvMapping(
    booked_on=0, amount=1, payer=2, payer_account=3, text=4, date_order="dmy", separator=",",
    delimiter=";",
)  # fmt: skip


def test_camt_gives_booked_credits_only():
    found = camt_lines(
        camt(
            entry("1190.00", reference="RF422026000001", payer="Acme GmbH", text="Thank you"),
            entry("45.90", direction="DBIT"),
            entry("7.00", status="PDNG"),
            entry("8.00", more="<RvslInd>true</RvslInd>"),
        )
    )
    [line] = found.lines
    assert (line.amount, line.currency, line.booked_on) == (
        Decimal("1190.00"),
        "EUR",
        date(2026, 5, 10),
    )
    assert (line.payer, line.reference, line.text) == ("Acme GmbH", "RF422026000001", "Thank you")
    assert found.left_out == 3


def test_a_batch_gives_its_single_payments():
    details = "".join(
        f"<TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><Amt Ccy='EUR'>{n}.00</Amt></TxDtls>"
        for n in (1, 2)
    )
    found = camt_lines(camt(entry("3.00", details=details)))
    assert [(line.amount, line.reference) for line in found.lines] == [(1, "E1"), (2, "E2")]


def test_a_line_keeps_its_key_in_another_file_and_twins_are_two():
    one = entry("10.00", bank_reference="")
    first, second = camt_lines(camt(one, one)).lines
    [again] = camt_lines(camt(one, statement="S2")).lines
    assert again.key == first.key != second.key


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<Document>", "not readable XML: line 1"),
        (b"<Document><Other/></Document>", "no CAMT.053"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Document>&a;</Document>', "document type"),
        (camt(entry("ten")), "“ten” in line"),
        (camt(entry("-1.00")), "no amount"),
        (camt(entry("NaN")), "no amount"),
        (camt(entry("1.00", booked="soon")), "no booking date"),
        (b"", "empty"),
    ],
)
def test_bad_xml_is_refused_with_the_place(content, reason):
    with pytest.raises(UnreadableStatement, match=reason):
        camt_lines(content)


def test_a_bomb_of_entities_is_refused_unexploded():
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    with pytest.raises(UnreadableStatement):
        camt_lines(f"<!DOCTYPE x [{levels}]><Document>&a11;</Document>".encode())


def test_a_file_of_the_disk_is_not_read():
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><Document>&a;</Document>'
    with pytest.raises(UnreadableStatement, match="document type"):
        camt_lines(bomb)


def test_csv_by_its_columns():
    found = csv_lines(SHEET.encode(), COLUMNS)
    assert [(line.amount, line.payer, line.booked_on.day) for line in found.lines] == [
        (Decimal("1190.00"), "Acme GmbH", 10),
        (Decimal("50.00"), "Globex", 12),
    ]
    assert found.left_out == 1


def test_the_head_suggests_the_columns():
    assert guessed_mapping(SHEET.encode()) == {
        "delimiter": ";", "has_head": True, "booked_on": 0, "amount": 1, "payer": 2,
        "payer_account": 3, "text": 4, "separator": ",", "date_order": "dmy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("10-05-2026;1,190.00;A;;", "Line 2: “1,190.00” is no amount with “,”"),
        ("2026-05-10;1,00;A;;", "Line 2: “2026-05-10” is no date"),
        ("31-02-2026;1,00;A;;", "is no date"),
        (";;;;x", "Line 2"),
    ],
)
def test_wrong_separators_and_dates_name_the_line(row, reason):
    with pytest.raises(UnreadableStatement, match=reason):
        csv_lines(f"Datum;Bedrag;Naam;IBAN;Tekst\n{row}\n".encode(), COLUMNS)


def test_text_and_pictures_are_no_statements():
    assert not is_camt(SHEET.encode())
    for content in (b"hello", b"\x89PNG\r\n\x00\x00", b"  \n"):
        with pytest.raises(UnreadableStatement):
            guessed_mapping(content)
