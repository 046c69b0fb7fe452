"""Bytes to text: the declared charset, else UTF-8, else windows-1252 (`MAI-12`)."""

import codecs
import re

# What senders write, and the larger set that the label stands for in practice.
_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "cp-850": "cp850",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
# A text cut in the middle of a character is still in the charset it names.
_FORGIVEN_SHARE = 0.02
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]"
)


def decode(data: bytes, declared: str = "") -> str:
    """`data` as text; a wrong or unknown declaration never raises."""
    codec = codec_of(declared)
    for name in (codec, "utf-8"):
        if name:
            try:
                return data.decode(name)
            except UnicodeError:
                continue
    if codec:
        text = data.decode(codec, "replace")
        if text.count("\ufffd") <= max(1, int(len(text) * _FORGIVEN_SHARE)):
            return text
    return data.decode("windows-1252", "replace")


def codec_of(declared: str) -> str:
    """The name of the Python codec for a charset label; empty when there is none."""
    label = declared.strip().strip("\"'").lower()
    name = _ALIASES.get(label, label)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Transformations such as base64 are codecs to Python, but no charsets.
    return info.name if info._is_text_encoding else ""


def recover(text: str) -> str:
    """A header as the parser gives it, its raw 8-bit bytes (surrogates) read as text."""
    try:
        text.encode("ascii")
    except UnicodeEncodeError:
        return decode(text.encode("utf-8", "surrogateescape"))
    return text


def clean(text: str) -> str:
    """Text that a database and a page can hold: no controls, surrogates or tricks of direction."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
