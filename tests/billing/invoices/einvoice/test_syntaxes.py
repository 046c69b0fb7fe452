"""What the XML of both syntaxes states."""

from dataclasses import replace

import pytest
from lxml import etree

from billing.invoices.einvoice import cii_of, ubl_of
from tests.billing.content import content, credit_note, line


def texts(xml: bytes, path: str) -> list[str]:
    """What the elements at `path` say, names without their namespaces."""
    steps = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    return [one.text for one in etree.fromstring(xml).xpath(f"//{steps}")]


@pytest.mark.parametrize("write", [cii_of, ubl_of])
def test_equal_content_gives_equal_bytes(write):
    assert write(content()) == write(content())


def test_a_factur_x_invoice_names_the_profile_and_its_order():
    xml = cii_of(content())
    assert texts(xml, "GuidelineSpecifiedDocumentContextParameter/ID") == [
        "urn:cen.eu:en16931:2017"
    ]
    assert texts(xml, "ExchangedDocument/TypeCode") == ["380"]
    assert texts(xml, "BuyerOrderReferencedDocument/IssuerAssignedID") == ["PO 4500-118"]
    assert texts(xml, "PaymentReference") == ["RF462026000123"]
    assert texts(xml, "IBANID") == ["DE89370400440532013000"]
    assert texts(xml, "DuePayableAmount") == ["172.07"]


@pytest.mark.parametrize(
    ("write", "kind", "earlier"),
    [
        (cii_of, "ExchangedDocument/TypeCode", "InvoiceReferencedDocument/IssuerAssignedID"),
        (ubl_of, "CreditNoteTypeCode", "InvoiceDocumentReference/ID"),
    ],
)
def test_a_credit_note_names_the_invoice_it_corrects_and_stays_positive(write, kind, earlier):
    xml = write(credit_note())
    assert texts(xml, kind) == ["381"]
    assert texts(xml, earlier) == ["HAL-2026-000123"]
    assert b">-" not in xml


@pytest.mark.parametrize(
    ("write", "rate"), [(cii_of, "RateApplicablePercent"), (ubl_of, "Percent")]
)
def test_outside_the_scope_there_is_no_rate_and_no_vat_number(write, rate):
    xml = write(content(line("O", "0")))
    assert texts(xml, rate) == []
    assert b"DE123456788" not in xml
    assert texts(write(content(line("Z", "0"))), rate) == ["0", "0"]


@pytest.mark.parametrize("write", [cii_of, ubl_of])
def test_other_scripts_and_signs_arrive_as_they_were(write):
    xml = write(content(line(name="保守 & <支援>\x0b", detail="Поддержка")))
    assert "Поддержка" in xml.decode()
    assert "保守 &amp; &lt;支援&gt;<" in xml.decode()


@pytest.mark.parametrize("write", [cii_of, ubl_of])
def test_what_is_not_known_makes_no_empty_element(write):
    bare = replace(content(), order_number="", contract_number="", buyer_reference="", terms="")
    for element in etree.fromstring(write(bare)).iter():
        assert len(element) or (element.text or "").strip()
