"""The rules of EN 16931 really run, and our invoices keep them (`BIL-24`)."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoices.einvoice import Checks, Failure, Syntax, TaxCurrency, cii_of, ubl_of, validate
from tests.billing.content import adjustment, content, credit_note, line

SYNTAXES = [(cii_of, Syntax.CII), (ubl_of, Syntax.UBL)]
CASES = {
    "one line": content(),
    "two rates and zero": content(line(), line(rate="7"), line("Z", "0")),
    "exempt": content(line("E", "0")),
    "reverse charge": content(line("AE", "0")),
    "outside the scope": content(line("O", "0")),
    "goods within the union": content(line("K", "0")),
    "export": content(line("G", "0")),
    "credit note": credit_note(line(), line("Z", "0")),
    "credit of a reverse charge": credit_note(line("AE", "0")),
    "allowances and charges": content(
        line(allowances=(adjustment("5.00", "Loyalty"),), charges=(adjustment("1.00", "Tools"),)),
        allowances=(adjustment("20.00", "Volume", "S", "19"),),
        charges=(adjustment("4.50", "Postage", "S", "19"), adjustment("3.00", "Copies", "Z")),
    ),
    "prepaid and rounded": content(prepaid="100.00", rounding="-0.01"),
    "minutes by the sixty": content(
        line(quantity=Decimal(50), unit="MIN", price=Decimal(90), price_base=Decimal(60))
    ),
    "a reduction below zero": content(line(quantity=Decimal(-2))),
    "vat in the currency of the tax office": content(
        currency="USD", tax_currency=TaxCurrency("EUR", Decimal("25.35"))
    ),
    "yen": content(
        line(rate="10", quantity=Decimal(1), price=Decimal(9000), net=Decimal(9000)),
        currency="JPY",
    ),
    "no account, terms in words": content(payment=None, due_on=None, terms="30 days net"),
}


@pytest.mark.parametrize(("write", "syntax"), SYNTAXES)
@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_document_keeps_schema_and_rules(case, write, syntax):
    checks = validate(write(CASES[case]), syntax)
    assert checks.failures == ()
    assert checks.warnings == ()
    assert checks.rules_fired > 50
    assert checks.is_valid


@pytest.mark.parametrize(
    ("write", "syntax", "element"),
    [(*SYNTAXES[0], b"ram:GrandTotalAmount"), (*SYNTAXES[1], b"cbc:TaxInclusiveAmount")],
)
def test_one_spoiled_total_is_refused_by_the_name_of_its_rule(write, syntax, element):
    sound = write(content())
    spoiled = sound.replace(element + b">172.07<", element + b">173.07<")
    spoiled = spoiled.replace(
        b'TaxInclusiveAmount currencyID="EUR">172.07<',
        b'TaxInclusiveAmount currencyID="EUR">173.07<',
    )
    assert spoiled != sound
    checks = validate(spoiled, syntax)
    assert not checks.is_valid
    assert "BR-CO-15" in [one.rule for one in checks.failures]
    broken = next(one for one in checks.failures if one.rule == "BR-CO-15")
    assert broken.text.startswith("Invoice total amount with VAT (BT-112) =")
    # The engine ran, over as many places as for the sound one, and says who it is.
    assert checks.rules_fired == validate(sound, syntax).rules_fired > 50
    assert "Saxon" in checks.engine
    assert checks.rules.endswith(".xslt")


@pytest.mark.parametrize(
    ("write", "syntax", "words"),
    [
        (*SYNTAXES[0], "Value of 'ram:InvoiceCurrencyCode' is not allowed."),
        (*SYNTAXES[1], "currency"),
    ],
)
def test_a_currency_that_is_none_is_refused_as_well(write, syntax, words):
    checks = validate(write(content(currency="XYZ")), syntax)
    assert any(words in one.text for one in checks.failures)


def test_what_breaks_the_schema_is_asked_no_rules_and_is_not_valid():
    checks = validate(cii_of(content()).replace(b"ram:TypeCode", b"ram:KindCode"))
    assert not checks.is_valid
    assert checks.rules_fired == 0
    assert checks.failures[0].rule == "XSD"


@pytest.mark.parametrize("xml", [b"", b"<a/>", b"no xml", b"\xff"])
def test_what_is_no_invoice_is_refused(xml):
    assert not validate(xml).is_valid


def test_an_invoice_asked_the_rules_of_the_other_syntax_is_not_valid():
    checks = validate(ubl_of(content()), Syntax.CII)
    assert not checks.is_valid


def test_an_answer_without_a_rule_that_fired_is_never_valid():
    assert not Checks("cii", rules_fired=0).is_valid
    assert Checks("cii", rules_fired=100).is_valid
    assert not Checks("cii", rules_fired=100, failures=(Failure("BR-1", "x"),)).is_valid


def test_xml_cannot_make_the_engine_read_other_files():
    attack = cii_of(content()).replace(
        b"<rsm:CrossIndustryInvoice",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><rsm:CrossIndustryInvoice',
        1,
    )
    attack = attack.replace(b"HAL-2026-000123", b"&e;")
    assert not validate(attack).is_valid


VAT = st.sampled_from([("S", "19"), ("S", "7"), ("S", "5.5"), ("Z", "0"), ("E", "0"), ("AE", "0")])
SMALL = st.decimals("0.01", 50, places=2).map(str)


@st.composite
def lines(draw):
    category, rate = draw(VAT)
    return line(
        category,
        rate,
        quantity=draw(st.decimals(-99, 999, places=3)),
        price=draw(st.decimals(0, 500, places=4)),
        price_base=draw(st.sampled_from([Decimal(1), Decimal(60), Decimal(1000)])),
        allowances=tuple(adjustment(one, "Less") for one in draw(st.lists(SMALL, max_size=1))),
        charges=tuple(adjustment(one, "More") for one in draw(st.lists(SMALL, max_size=1))),
    )


@st.composite
def adjustments(draw):
    return adjustment(draw(SMALL), "Of all", *draw(VAT))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(lines(), min_size=1, max_size=8),
    st.lists(adjustments(), max_size=2),
    st.lists(adjustments(), max_size=2),
    SMALL,
)
def test_the_rules_agree_with_our_arithmetic_for_any_invoice(rows, allowances, charges, prepaid):
    document = content(*rows, allowances=tuple(allowances), charges=tuple(charges), prepaid=prepaid)
    assert validate(cii_of(document)).failures == ()
    assert validate(ubl_of(document), Syntax.UBL).failures == ()
