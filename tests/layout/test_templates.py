"""Pages obey the strict content security policy: style and script come from files."""

import re

from tests.layout.tree import read, templates

# Mails and printed papers are no pages: no policy applies, and mail readers load no files.
NO_PAGES = {"mail", "documents"}
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
# Blocks of data are not run, so the policy lets them be.
SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=[\"']application/(?:ld\+)?json))[^>]*>", re.I)
# Plotly puts its rules into an empty element that carries the nonce of the page.
STYLE_ELEMENT = re.compile(r"<style\b(?![^>]*nonce=[^>]*>\s*</style>)", re.IGNORECASE)
STYLE_ATTRIBUTE = re.compile(r"\sstyle=(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
HANDLER = re.compile(r"<[a-z][^>]*\s(on[a-z]+|hx-on[:a-z-]*)=", re.IGNORECASE)
SCRIPT_URL = re.compile(r"=[\"']\s*javascript:", re.IGNORECASE)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def pages():
    return [path for path in templates() if not NO_PAGES.intersection(path.parts)]


def offences(text: str) -> list[str]:
    text = COMMENT.sub("", text)
    found = SCRIPT.findall(text) + STYLE_ELEMENT.findall(text) + SCRIPT_URL.findall(text)
    found += [f"{name}=" for name in HANDLER.findall(TAG.sub("", text))]
    for match in STYLE_ATTRIBUTE.findall(text):
        # Custom properties carry numbers, such as the share of a clock that is used up.
        declarations = [part.strip() for part in TAG.sub("0", match[1:-1]).split(";")]
        found += [part for part in declarations if part.strip("0") and not part.startswith("--")]
    return found


def test_no_page_carries_style_or_script_of_its_own():
    found = [f"{path}: {offence}" for path in pages() for offence in offences(read(path))]
    assert found == [], "\n".join(found)


def test_offences_are_recognised_and_what_is_allowed_passes():
    assert offences("<style>b{}</style>") == ["<style"]
    assert offences('<style nonce="{{ CSP_NONCE }}">b{}</style>') == ["<style"]
    assert offences("<script>go()</script>") == ["<script>"]
    assert offences('<a onclick="go()">x</a>') == ["onclick="]
    assert offences('<a style="color: red">x</a>') == ["color: red"]
    assert offences('<a href="javascript:go()">x</a>') == ['="javascript:']
    assert offences('<script src="a.js" nonce="{{ CSP_NONCE }}" defer></script>') == []
    assert offences('<style id="a" nonce="{{ CSP_NONCE }}"></style>') == []
    assert offences('<script type="application/json" id="x">{}</script>') == []
    assert offences('<i style="--p: {{ share }}%; --q:1"></i>{# <style> #}') == []
