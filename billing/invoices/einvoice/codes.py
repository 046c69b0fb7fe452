"""Codes and notations that both syntaxes share."""

from decimal import Decimal

from lxml import etree

from .content import Content

GUIDELINE = "urn:cen.eu:en16931:2017"
OUTSIDE_SCOPE = "O"
WITHIN_UNION = "K"
# UNTDID 4461: SEPA transfer within the euro, any transfer else.
SEPA_TRANSFER = "58"
TRANSFER = "30"
# Of the list VATEX; an exemption has too many grounds for one code, its reason says which.
EXEMPTION_CODES = {
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}
# Electronic addresses by e-mail (list EAS).
BY_EMAIL = "EM"


def plain(number: Decimal) -> str:
    """A quantity or price as short as it is exact: 1.25, 3, 100."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def compact(text: str) -> str:
    return "".join(text.split())


def transfer_code(content: Content) -> str:
    return SEPA_TRANSFER if content.currency == "EUR" else TRANSFER


def ships_within_union(content: Content) -> bool:
    """True when goods go to another member state, which the invoice must name (BR-IC-12)."""
    return any(row.category == WITHIN_UNION for row in content.totals.breakdown)


def exemption_of(content: Content, category: str) -> str:
    """The reason for no VAT in `category`, in words; "" where none may stand."""
    return next((row.reason for row in content.totals.breakdown if row.category == category), "")


def written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def legal(text: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")
