"""Invoices as JSON, and the command that reads them (`invoice_totals`)."""

import io
import json
import sys
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from billing.invoices.amounts import WrongAmounts, totals_of_json


def line(**changes) -> dict:
    return {
        "id": "1",
        "quantity": "1",
        "unit_price": "100",
        "vat_category": "S",
        "vat_rate": "19",
    } | changes


def invoice(*lines, **changes) -> dict:
    return {"currency": "EUR", "lines": list(lines) or [line()]} | changes


def amounts(document: dict) -> dict:
    return totals_of_json(json.dumps(document))


def test_a_whole_invoice_gives_nets_rows_and_totals():
    document = invoice(
        line(id="hours", quantity="7.5", unit_price="96.40"),
        line(id="parts", quantity="2", unit_price="18.95"),
        line(id="book", unit_price="40.19", vat_rate="7"),
        allowances=[{"amount": "20.00", "vat_category": "S", "vat_rate": "19.00"}],
        prepaid="24.67",
    )
    assert amounts(document) == {
        "lines": [
            {"id": "hours", "net": "723.00"},
            {"id": "parts", "net": "37.90"},
            {"id": "book", "net": "40.19"},
        ],
        "vat": [
            {"category": "S", "rate": "19.00", "taxable": "740.90", "tax": "140.77"},
            {"category": "S", "rate": "7.00", "taxable": "40.19", "tax": "2.81"},
        ],
        "totals": {
            "line_sum": "801.09",
            "allowances": "20.00",
            "charges": "0.00",
            "without_vat": "781.09",
            "vat": "143.58",
            "with_vat": "924.67",
            "prepaid": "24.67",
            "rounding": "0.00",
            "due": "900.00",
        },
    }


def test_numbers_of_json_are_read_as_the_decimals_that_stand_there():
    text = (
        '{"currency": "EUR", "lines": [{"id": 7, "quantity": 0.25, "unit_price": 10.70,'
        ' "vat_category": "Z"}]}'
    )
    # A float would give 2.67.
    assert totals_of_json(text)["lines"] == [{"id": 7, "net": "2.68"}]


def test_yen_are_written_without_decimals():
    document = invoice(line(quantity="3", unit_price="333.5", vat_rate="10"), currency="JPY")
    result = amounts(document)
    assert result["vat"] == [{"category": "S", "rate": "10.00", "taxable": "1001", "tax": "100"}]
    assert result["totals"]["due"] == "1101"


def test_outside_the_scope_needs_no_rate_and_stands_alone():
    alone = line(vat_category="O", vat_rate=None)
    assert amounts(invoice(alone))["vat"] == [
        {"category": "O", "rate": "0.00", "taxable": "100.00", "tax": "0.00"}
    ]
    with pytest.raises(WrongAmounts, match="Category O"):
        amounts(invoice(alone, line()))
    with pytest.raises(WrongAmounts, match="Category O"):
        amounts(invoice(alone, charges=[{"amount": "1", "vat_category": "Z", "vat_rate": "0"}]))


def test_five_thousand_long_lines_add_up_to_the_cent():
    price = "123456789012.345678"
    result = amounts(invoice(*(line(id=str(number), unit_price=price) for number in range(5000))))
    assert result["totals"]["line_sum"] == str(Decimal("123456789012.35") * 5000)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "not a JSON object"),
        ({"lines": [line()]}, "currency is missing"),
        (invoice(currency="XYZ"), "“XYZ” is no currency"),
        (invoice(currency="DEM"), "“DEM” is no currency"),
        ({"currency": "EUR"}, "lines is missing"),
        ({"currency": "EUR", "lines": {}}, "lines is not a list"),
        ({"currency": "EUR", "lines": []}, "at least one line"),
        (invoice("text"), r"lines\[0\] is not a JSON object"),
        (invoice(line(id=None)), r"lines\[0\].id is missing"),
        (invoice(line(), line(quantity="seven")), r"lines\[1\].quantity: “seven” is not a number"),
        (invoice(line(quantity="1e3")), "not a number"),
        (invoice(line(quantity="Infinity")), "not a number"),
        (invoice(line(quantity=True)), "not a number"),
        (invoice(line(quantity="1_000")), "not a number"),
        (invoice(line(unit_price="-1")), "make the quantity negative"),
        (invoice(line(unit_price="1" * 19)), "at most 18 digits"),
        (invoice(line(price_base_quantity="0")), "above 0"),
        (invoice(line(allowances="5")), r"lines\[0\].allowances is not a list"),
        (invoice(line(allowances=["x"])), r"lines\[0\].allowances\[0\]"),
        (invoice(line(vat_category="Q")), r"lines\[0\]: “Q” is no VAT category"),
        (invoice(line(vat_category=["S"])), "write it as text"),
        (invoice(line(vat_category="E", vat_rate="19")), "Category E has a rate of 0, not 19"),
        (invoice(line(vat_rate="0")), "Category S needs a rate above 0"),
        (invoice(line(vat_rate=None)), r"lines\[0\].vat_rate is missing"),
        (invoice(charges=[{"vat_category": "S", "vat_rate": "1"}]), r"charges\[0\].amount"),
        (invoice(prepaid="much"), "prepaid: “much”"),
    ],
)
def test_what_is_no_invoice_is_refused_with_the_place_and_what_to_do(document, words):
    with pytest.raises(WrongAmounts, match=words):
        amounts(document)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"currency": NaN}'])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(WrongAmounts, match="not JSON|not an amount"):
        totals_of_json(text)


class Input:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def test_the_command_prints_the_amounts_and_asks_no_database(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Input(json.dumps(invoice(line(id="é"))).encode()))
    call_command("invoice_totals")
    printed = json.loads(capsys.readouterr().out)
    assert printed["lines"] == [{"id": "é", "net": "100.00"}]
    assert printed["totals"]["due"] == "119.00"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"currency": "EUR", "lines": []}'])
def test_the_command_prints_nothing_for_wrong_input_and_ends_with_2(content, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Input(content))
    with pytest.raises(CommandError) as refusal:
        call_command("invoice_totals")
    assert refusal.value.returncode == 2
    assert str(refusal.value)
    assert capsys.readouterr().out == ""
