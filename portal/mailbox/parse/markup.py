"""HTML parts: made harmless, and turned into plain text."""

import re

import nh3
from inscriptis import get_text
from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.model.config import ParserConfig
from lxml.etree import LxmlError

from .charsets import clean

_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "del", "div", "em", "hr", "i"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "img", "ins", "li", "ol", "p", "pre", "s", "small"),
    *("span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"),
    *("u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_TEXT = ParserConfig(css=STRICT_CSS_PROFILE)
# Where the mail programs begin the quotation.
_QUOTATION = re.compile(
    r"<(?:div|blockquote|hr|p)[^>]*(?:gmail_quote|gmail_attr|moz-cite-prefix|yahoo_quoted"
    r"|protonmail_quote|appendonsend|divRplyFwdMsg|stopSpelling|type\s*=\s*[\"']?cite)[^>]*>",
    re.IGNORECASE,
)
_LIMIT = 500_000


def _only_own_images(tag: str, name: str, value: str) -> str | None:
    """Images inside the mail stay; anything that would call another server goes (`MAI-9`)."""
    if tag == "img" and name == "src" and not value.lower().startswith("cid:"):
        return None
    return value


def sanitised(html: str) -> str:
    """`html` without scripts, styles, forms and remote content."""
    return nh3.clean(
        clean(html[:_LIMIT]),
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_only_own_images,
        url_schemes=_SCHEMES,
        clean_content_tags={"script", "style", "title", "head"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def before_quotation(html: str) -> str:
    """The part of `html` above the quotation; empty when it cannot be told."""
    found = _QUOTATION.search(html)
    return html[: found.start()] if found else ""


def text_of(html: str) -> str:
    """The plain text of `html`, as a reader of the page would copy it."""
    html = clean(html[:_LIMIT])
    if not html.strip():
        return ""
    # The reader refuses texts with a declaration of their encoding; they are decoded already.
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    try:
        text = get_text(html, _TEXT)
    except (LxmlError, ValueError, AssertionError, RecursionError):
        text = re.sub(r"<[^>]*>", " ", html)
    lines = [line.rstrip().replace("\xa0", " ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
