"""UN/CEFACT Cross Industry Invoice D16B, the profile EN 16931 of Factur-X."""

from collections.abc import Iterable
from datetime import date

from lxml import etree

from .codes import (
    BY_EMAIL,
    EXEMPTION_CODES,
    GUIDELINE,
    OUTSIDE_SCOPE,
    compact,
    exemption_of,
    legal,
    plain,
    ships_within_union,
    transfer_code,
    written,
)
from .content import Adjustment, Content, Line, Party

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
# Calendar days are written as 20261103 (UNTDID 2379).
DAY_FORMAT = "102"


def cii_of(content: Content) -> bytes:
    """The XML that a Factur-X PDF carries as factur-x.xml. The same bytes for equal content."""
    root = etree.Element(
        f"{{{RSM}}}CrossIndustryInvoice", nsmap={"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}
    )
    context = _sub(root, "ExchangedDocumentContext", RSM)
    _text(_sub(context, "GuidelineSpecifiedDocumentContextParameter"), "ID", GUIDELINE)
    document = _sub(root, "ExchangedDocument", RSM)
    _text(document, "ID", content.number)
    _text(document, "TypeCode", content.kind.value)
    _day(document, "IssueDateTime", content.issued_on)
    if content.note:
        _text(_sub(document, "IncludedNote"), "Content", content.note)
    deal = _sub(root, "SupplyChainTradeTransaction", RSM)
    for line in content.lines:
        _line(deal, content, line)
    _agreement(deal, content)
    _delivery(deal, content)
    _settlement(deal, content)
    return written(root)


def _line(deal: etree._Element, content: Content, line: Line) -> None:
    item = _sub(deal, "IncludedSupplyChainTradeLineItem")
    _text(_sub(item, "AssociatedDocumentLineDocument"), "LineID", str(line.position))
    product = _sub(item, "SpecifiedTradeProduct")
    _text(product, "Name", line.name)
    _text(product, "Description", line.detail)
    price = _sub(_sub(item, "SpecifiedLineTradeAgreement"), "NetPriceProductTradePrice")
    _text(price, "ChargeAmount", plain(line.price))
    if line.price_base != 1:
        _text(price, "BasisQuantity", plain(line.price_base), unitCode=line.unit)
    delivery = _sub(item, "SpecifiedLineTradeDelivery")
    _text(delivery, "BilledQuantity", plain(line.quantity), unitCode=line.unit)
    settlement = _sub(item, "SpecifiedLineTradeSettlement")
    tax = _sub(settlement, "ApplicableTradeTax")
    _text(tax, "TypeCode", "VAT")
    _text(tax, "CategoryCode", line.category)
    _rate(tax, line.category, line.rate)
    _adjustments(settlement, line.allowances, is_charge=False)
    _adjustments(settlement, line.charges, is_charge=True)
    sums = _sub(settlement, "SpecifiedTradeSettlementLineMonetarySummation")
    _text(sums, "LineTotalAmount", str(line.net))


def _agreement(deal: etree._Element, content: Content) -> None:
    agreement = _sub(deal, "ApplicableHeaderTradeAgreement")
    _text(agreement, "BuyerReference", content.buyer_reference)
    _party(agreement, "SellerTradeParty", content.seller)
    _party(agreement, "BuyerTradeParty", content.buyer)
    for name, number in (
        ("BuyerOrderReferencedDocument", content.order_number),
        ("ContractReferencedDocument", content.contract_number),
    ):
        if number:
            _text(_sub(agreement, name), "IssuerAssignedID", number)


def _party(agreement: etree._Element, name: str, party: Party) -> None:
    element = _sub(agreement, name)
    _text(element, "Name", party.name)
    if party.registration:
        _text(_sub(element, "SpecifiedLegalOrganization"), "ID", party.registration)
    if party.phone and party.email:
        contact = _sub(element, "DefinedTradeContact")
        _text(_sub(contact, "TelephoneUniversalCommunication"), "CompleteNumber", party.phone)
        _text(_sub(contact, "EmailURIUniversalCommunication"), "URIID", party.email)
    address = _sub(element, "PostalTradeAddress")
    _text(address, "PostcodeCode", party.postcode)
    _text(address, "LineOne", party.street)
    _text(address, "CityName", party.city)
    _text(address, "CountryID", party.country)
    if party.email:
        _text(_sub(element, "URIUniversalCommunication"), "URIID", party.email, schemeID=BY_EMAIL)
    for number, scheme in ((compact(party.vat_id), "VA"), (party.tax_number, "FC")):
        if number:
            _text(_sub(element, "SpecifiedTaxRegistration"), "ID", number, schemeID=scheme)


def _delivery(deal: etree._Element, content: Content) -> None:
    delivery = _sub(deal, "ApplicableHeaderTradeDelivery")
    if ships_within_union(content):
        address = _sub(_sub(delivery, "ShipToTradeParty"), "PostalTradeAddress")
        _text(address, "CountryID", content.buyer.country)
    if content.period_last:
        event = _sub(delivery, "ActualDeliverySupplyChainEvent")
        _day(event, "OccurrenceDateTime", content.period_last)


def _settlement(deal: etree._Element, content: Content) -> None:
    settlement = _sub(deal, "ApplicableHeaderTradeSettlement")
    if content.payment:
        _text(settlement, "PaymentReference", content.payment.reference)
    if content.tax_currency:
        _text(settlement, "TaxCurrencyCode", content.tax_currency.code)
    _text(settlement, "InvoiceCurrencyCode", content.currency)
    if content.payment:
        means = _sub(settlement, "SpecifiedTradeSettlementPaymentMeans")
        _text(means, "TypeCode", transfer_code(content))
        account = _sub(means, "PayeePartyCreditorFinancialAccount")
        _text(account, "IBANID", compact(content.payment.iban))
        _text(account, "AccountName", content.payment.account_name)
        if content.payment.bic:
            bank = _sub(means, "PayeeSpecifiedCreditorFinancialInstitution")
            _text(bank, "BICID", compact(content.payment.bic))
    for row in content.totals.breakdown:
        tax = _sub(settlement, "ApplicableTradeTax")
        _text(tax, "CalculatedAmount", str(row.tax))
        _text(tax, "TypeCode", "VAT")
        _text(tax, "ExemptionReason", exemption_of(content, row.category))
        _text(tax, "BasisAmount", str(row.taxable))
        _text(tax, "CategoryCode", row.category)
        _text(tax, "ExemptionReasonCode", EXEMPTION_CODES.get(row.category))
        _rate(tax, row.category, row.rate)
    if content.period_first and content.period_last:
        period = _sub(settlement, "BillingSpecifiedPeriod")
        _day(period, "StartDateTime", content.period_first)
        _day(period, "EndDateTime", content.period_last)
    _adjustments(settlement, content.allowances, is_charge=False)
    _adjustments(settlement, content.charges, is_charge=True)
    if content.terms or content.due_on:
        terms = _sub(settlement, "SpecifiedTradePaymentTerms")
        _text(terms, "Description", content.terms)
        if content.due_on:
            _day(terms, "DueDateDateTime", content.due_on)
    _sums(settlement, content)
    if content.preceding:
        reference = _sub(settlement, "InvoiceReferencedDocument")
        _text(reference, "IssuerAssignedID", content.preceding.number)
        if content.preceding.issued_on:
            day = _sub(reference, "FormattedIssueDateTime")
            _text(day, "DateTimeString", _written(content.preceding.issued_on), QDT, **_FORMAT)


def _sums(settlement: etree._Element, content: Content) -> None:
    sums = _sub(settlement, "SpecifiedTradeSettlementHeaderMonetarySummation")
    totals = content.totals
    _text(sums, "LineTotalAmount", str(totals.lines))
    _text(sums, "ChargeTotalAmount", str(totals.charges))
    _text(sums, "AllowanceTotalAmount", str(totals.allowances))
    _text(sums, "TaxBasisTotalAmount", str(totals.net))
    _text(sums, "TaxTotalAmount", str(totals.tax), currencyID=content.currency)
    if content.tax_currency:
        in_other = content.tax_currency
        _text(sums, "TaxTotalAmount", str(in_other.tax), currencyID=in_other.code)
    if totals.rounding:
        _text(sums, "RoundingAmount", str(totals.rounding))
    _text(sums, "GrandTotalAmount", str(totals.gross))
    _text(sums, "TotalPrepaidAmount", str(totals.prepaid))
    _text(sums, "DuePayableAmount", str(totals.payable))


def _adjustments(
    settlement: etree._Element, rows: Iterable[Adjustment], *, is_charge: bool
) -> None:
    for row in rows:
        element = _sub(settlement, "SpecifiedTradeAllowanceCharge")
        _text(_sub(element, "ChargeIndicator"), "Indicator", str(is_charge).lower(), UDT)
        _text(element, "ActualAmount", str(row.amount))
        _text(element, "Reason", row.reason)
        if row.category:
            tax = _sub(element, "CategoryTradeTax")
            _text(tax, "TypeCode", "VAT")
            _text(tax, "CategoryCode", row.category)
            _rate(tax, row.category, row.rate)


def _rate(tax: etree._Element, category: str, rate: object) -> None:
    # `BIL-20`: outside the scope there is no rate, not even 0.
    if category != OUTSIDE_SCOPE:
        _text(tax, "RateApplicablePercent", str(rate))


_FORMAT = {"format": DAY_FORMAT}


def _day(parent: etree._Element, name: str, day: date) -> None:
    _text(_sub(parent, name), "DateTimeString", _written(day), UDT, **_FORMAT)


def _written(day: date) -> str:
    return day.strftime("%Y%m%d")


def _sub(parent: etree._Element, name: str, namespace: str = RAM) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}")


def _text(
    parent: etree._Element,
    name: str,
    value: str | None,
    namespace: str = RAM,
    **attributes: str,
) -> None:
    """An element with text; none for empty text, as an empty element is not allowed."""
    if value:
        child = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
        child.text = legal(value)
