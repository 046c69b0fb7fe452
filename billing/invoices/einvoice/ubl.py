"""OASIS UBL 2.1: Invoice and CreditNote, as EN 16931 binds them."""

from collections.abc import Iterable
from decimal import Decimal

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
from .content import Adjustment, Content, Kind, Line, Party

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"


def ubl_of(content: Content) -> bytes:
    """The plain e-invoice for who asks for UBL. The same bytes for equal content."""
    credit = content.kind is Kind.CREDIT_NOTE
    namespace, name = (CREDIT_NOTE, "CreditNote") if credit else (INVOICE, "Invoice")
    root = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace, "cac": CAC, "cbc": CBC})
    _text(root, "CustomizationID", GUIDELINE)
    _text(root, "ID", content.number)
    _text(root, "IssueDate", content.issued_on.isoformat())
    if content.due_on and not credit:
        _text(root, "DueDate", content.due_on.isoformat())
    _text(root, f"{name}TypeCode", content.kind.value)
    _text(root, "Note", content.note)
    _text(root, "DocumentCurrencyCode", content.currency)
    if content.tax_currency:
        _text(root, "TaxCurrencyCode", content.tax_currency.code)
    _text(root, "BuyerReference", content.buyer_reference)
    if content.period_first and content.period_last:
        period = _sub(root, "InvoicePeriod")
        _text(period, "StartDate", content.period_first.isoformat())
        _text(period, "EndDate", content.period_last.isoformat())
    _references(root, content)
    _party(_sub(_sub(root, "AccountingSupplierParty"), "Party"), content.seller)
    _party(_sub(_sub(root, "AccountingCustomerParty"), "Party"), content.buyer)
    _delivery(root, content)
    _payment(root, content, credit=credit)
    _adjustments(root, content.allowances, content.currency, is_charge=False)
    _adjustments(root, content.charges, content.currency, is_charge=True)
    _taxes(root, content)
    _sums(root, content)
    for line in content.lines:
        _line(root, name, line, content.currency)
    return written(root)


def _references(root: etree._Element, content: Content) -> None:
    if content.order_number:
        _text(_sub(root, "OrderReference"), "ID", content.order_number)
    if content.preceding:
        reference = _sub(_sub(root, "BillingReference"), "InvoiceDocumentReference")
        _text(reference, "ID", content.preceding.number)
        if content.preceding.issued_on:
            _text(reference, "IssueDate", content.preceding.issued_on.isoformat())
    if content.contract_number:
        _text(_sub(root, "ContractDocumentReference"), "ID", content.contract_number)


def _party(party: etree._Element, details: Party) -> None:
    _text(party, "EndpointID", details.email, schemeID=BY_EMAIL)
    address = _sub(party, "PostalAddress")
    _text(address, "StreetName", details.street)
    _text(address, "CityName", details.city)
    _text(address, "PostalZone", details.postcode)
    _text(_sub(address, "Country"), "IdentificationCode", details.country)
    for number, scheme in ((compact(details.vat_id), "VAT"), (details.tax_number, "TAX")):
        if number:
            registration = _sub(party, "PartyTaxScheme")
            _text(registration, "CompanyID", number)
            _text(_sub(registration, "TaxScheme"), "ID", scheme)
    entity = _sub(party, "PartyLegalEntity")
    _text(entity, "RegistrationName", details.name)
    _text(entity, "CompanyID", details.registration)
    if details.phone and details.email:
        contact = _sub(party, "Contact")
        _text(contact, "Telephone", details.phone)
        _text(contact, "ElectronicMail", details.email)


def _delivery(root: etree._Element, content: Content) -> None:
    if content.period_last:
        delivery = _sub(root, "Delivery")
        _text(delivery, "ActualDeliveryDate", content.period_last.isoformat())
        if ships_within_union(content):
            address = _sub(_sub(delivery, "DeliveryLocation"), "Address")
            _text(_sub(address, "Country"), "IdentificationCode", content.buyer.country)


def _payment(root: etree._Element, content: Content, *, credit: bool) -> None:
    if content.payment:
        means = _sub(root, "PaymentMeans")
        _text(means, "PaymentMeansCode", transfer_code(content))
        if content.due_on and credit:
            _text(means, "PaymentDueDate", content.due_on.isoformat())
        _text(means, "PaymentID", content.payment.reference)
        account = _sub(means, "PayeeFinancialAccount")
        _text(account, "ID", compact(content.payment.iban))
        _text(account, "Name", content.payment.account_name)
        if content.payment.bic:
            branch = _sub(account, "FinancialInstitutionBranch")
            _text(branch, "ID", compact(content.payment.bic))
    if content.terms:
        _text(_sub(root, "PaymentTerms"), "Note", content.terms)


def _taxes(root: etree._Element, content: Content) -> None:
    currency = content.currency
    total = _sub(root, "TaxTotal")
    _amount(total, "TaxAmount", content.totals.tax, currency)
    for row in content.totals.breakdown:
        part = _sub(total, "TaxSubtotal")
        _amount(part, "TaxableAmount", row.taxable, currency)
        _amount(part, "TaxAmount", row.tax, currency)
        category = _sub(part, "TaxCategory")
        _text(category, "ID", row.category)
        _rate(category, row.category, row.rate)
        _text(category, "TaxExemptionReasonCode", EXEMPTION_CODES.get(row.category))
        _text(category, "TaxExemptionReason", exemption_of(content, row.category))
        _scheme(category)
    if content.tax_currency:
        other = content.tax_currency
        _amount(_sub(root, "TaxTotal"), "TaxAmount", other.tax, other.code)


def _sums(root: etree._Element, content: Content) -> None:
    sums = _sub(root, "LegalMonetaryTotal")
    totals = content.totals
    for name, amount in (
        ("LineExtensionAmount", totals.lines),
        ("TaxExclusiveAmount", totals.net),
        ("TaxInclusiveAmount", totals.gross),
        ("AllowanceTotalAmount", totals.allowances),
        ("ChargeTotalAmount", totals.charges),
        ("PrepaidAmount", totals.prepaid),
    ):
        _amount(sums, name, amount, content.currency)
    if totals.rounding:
        _amount(sums, "PayableRoundingAmount", totals.rounding, content.currency)
    _amount(sums, "PayableAmount", totals.payable, content.currency)


def _line(root: etree._Element, name: str, line: Line, currency: str) -> None:
    item = _sub(root, f"{name}Line")
    _text(item, "ID", str(line.position))
    quantity = "CreditedQuantity" if name == "CreditNote" else "InvoicedQuantity"
    _text(item, quantity, plain(line.quantity), unitCode=line.unit)
    _amount(item, "LineExtensionAmount", line.net, currency)
    _adjustments(item, line.allowances, currency, is_charge=False)
    _adjustments(item, line.charges, currency, is_charge=True)
    product = _sub(item, "Item")
    _text(product, "Description", line.detail)
    _text(product, "Name", line.name)
    category = _sub(product, "ClassifiedTaxCategory")
    _text(category, "ID", line.category)
    _rate(category, line.category, line.rate)
    _scheme(category)
    price = _sub(item, "Price")
    _text(price, "PriceAmount", plain(line.price), currencyID=currency)
    if line.price_base != 1:
        _text(price, "BaseQuantity", plain(line.price_base), unitCode=line.unit)


def _adjustments(
    parent: etree._Element, rows: Iterable[Adjustment], currency: str, *, is_charge: bool
) -> None:
    for row in rows:
        element = _sub(parent, "AllowanceCharge")
        _text(element, "ChargeIndicator", str(is_charge).lower())
        _text(element, "AllowanceChargeReason", row.reason)
        _amount(element, "Amount", row.amount, currency)
        if row.category:
            category = _sub(element, "TaxCategory")
            _text(category, "ID", row.category)
            _rate(category, row.category, row.rate)
            _scheme(category)


def _rate(category: etree._Element, code: str, rate: Decimal) -> None:
    # `BIL-20`: outside the scope there is no rate, not even 0.
    if code != OUTSIDE_SCOPE:
        _text(category, "Percent", str(rate))


def _scheme(category: etree._Element) -> None:
    _text(_sub(category, "TaxScheme"), "ID", "VAT")


def _amount(parent: etree._Element, name: str, amount: Decimal, currency: str) -> None:
    _text(parent, name, str(amount), currencyID=currency)


def _sub(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _text(parent: etree._Element, name: str, value: str | None, **attributes: str) -> None:
    """An element with text; none for empty text, as an empty element is not allowed."""
    if value:
        child = etree.SubElement(parent, f"{{{CBC}}}{name}", attributes)
        child.text = legal(value)
