"""Files before they become attachments: names, types by content, limits (`MAI-11`)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import filetype
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# Office files that carry macros, and programs: kept, but handed out to nobody.
_DANGEROUS_TYPES = frozenset(
    {
        "application/x-msdownload",
        "application/x-executable",
        "application/x-elf",
        "application/vnd.microsoft.portable-executable",
        "application/x-dosexec",
    }
)
_DANGEROUS_ENDINGS = frozenset(
    ("bat", "cmd", "com", "cpl", "docm", "dotm", "exe", "hta", "jar", "js", "jse", "lnk", "msi")
    + ("potm", "ppam", "ppsm", "pptm", "ps1", "scr", "sh", "vbe", "vbs", "wsf", "xlam", "xlsm")
    + ("xltm",)
)
# What follows the last dot of a name is its ending only when it is short.
_LONGEST_ENDING = 20
_MAGIC_OF_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
# Shown in the page; everything else is a download.
INLINE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True)
class NewFile:
    """A file as it came in; nothing about it is trusted."""

    name: str
    content: bytes

    @property
    def clean_name(self) -> str:
        """The name without path, control characters and tricks of direction; never empty."""
        name = self.name.replace("\\", "/").rpartition("/")[2]
        name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
        name = re.sub(r"\s+", " ", name).strip(" .")
        if len(name) > 200:
            stem, dot, ending = name.rpartition(".")
            is_ending = dot and len(ending) <= _LONGEST_ENDING
            name = f"{stem[: 199 - len(ending)]}.{ending}" if is_ending else name[:200]
        return name or "file"

    @property
    def content_type(self) -> str:
        """The type found in the content; plain text when it reads as text, else bytes."""
        kind = filetype.guess(self.content[:8192])
        if kind is not None:
            return kind.mime
        head = self.content[:8192]
        if b"\x00" not in head:
            try:
                self.content[:65536].decode("utf-8")
            except UnicodeDecodeError as error:
                if error.start < len(head) - 4:
                    return "application/octet-stream"
            return "text/plain"
        return "application/octet-stream"

    @property
    def is_dangerous(self) -> bool:
        """A program or a file with macros, by content or by ending."""
        _stem, dot, ending = self.clean_name.rpartition(".")
        return (
            self.content_type in _DANGEROUS_TYPES
            or (bool(dot) and ending.lower() in _DANGEROUS_ENDINGS)
            or self.content.startswith(_MAGIC_OF_PROGRAMS)
        )


def within_limits(files: Iterable[NewFile]) -> tuple[list[NewFile], list[str]]:
    """The files that may be kept, and a sentence for each one that may not, in order."""
    kept: list[NewFile] = []
    refused: list[str] = []
    total = 0
    for file in files:
        size = len(file.content)
        if size > settings.ATTACHMENT_MAX_BYTES:
            refused.append(
                _("“%(name)s” is larger than %(limit)s. Choose a smaller file.")
                % {"name": file.clean_name, "limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
            )
        elif len(kept) >= settings.ATTACHMENT_MAX_COUNT:
            refused.append(
                _("“%(name)s” was left out: a message takes at most %(count)s files.")
                % {"name": file.clean_name, "count": settings.ATTACHMENT_MAX_COUNT}
            )
        elif total + size > settings.ATTACHMENTS_MAX_BYTES:
            refused.append(
                _("“%(name)s” was left out: all files of a message take at most %(limit)s.")
                % {"name": file.clean_name, "limit": filesizeformat(settings.ATTACHMENTS_MAX_BYTES)}
            )
        else:
            kept.append(file)
            total += size
    return kept, refused
