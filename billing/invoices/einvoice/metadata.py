"""What the XMP of a PDF says about the e-invoice inside it (Factur-X 1.0, chapter on XMP)."""

NAME = "factur-x.xml"
NAMESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
# Word, what it says, and what it means: PDF/A wants words explained that it does not know itself.
WORDS = (
    ("DocumentFileName", NAME, "name of the embedded XML invoice file"),
    ("DocumentType", "INVOICE", "kind of the embedded document"),
    ("Version", "1.0", "version of the XML schema"),
    ("ConformanceLevel", "EN 16931", "profile of the embedded invoice"),
)


def xmp() -> bytes:
    """`rdf:Description` elements for the XMP of the PDF."""
    said = "".join(f"<fx:{word}>{value}</fx:{word}>" for word, value, _meaning in WORDS)
    explained = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{word}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description>"
        "</rdf:li>"
        for word, _value, meaning in WORDS
    )
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{NAMESPACE}">{said}</rdf:Description>'
        f'<rdf:Description rdf:about="" xmlns:pdfaExtension="{EXTENSION}"'
        f' xmlns:pdfaSchema="{SCHEMA}" xmlns:pdfaProperty="{PROPERTY}">'
        '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{explained}</rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    ).encode()
