"""The files inside a winmail.dat (MS-OXTNEF), which only Outlook opens."""

import struct

from itil.conversation.files import NewFile

from .charsets import decode

_SIGNATURE = 0x223E9F78
_RENDERING, _TITLE, _DATA = 0x00069002, 0x00018010, 0x0006800F
_PROPERTIES = 0x00069005
# The Unicode and the 8-bit form of the long file name among the MAPI properties.
_LONG_NAME = ((b"\x1f\x00\x07\x37", "utf-16-le"), (b"\x1e\x00\x07\x37", ""))


def files_in(content: bytes) -> list[NewFile]:
    """The attachments of a TNEF stream; empty when it holds none or cannot be read."""
    if len(content) < 6 or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return []
    names: list[str] = []
    contents: list[bytes | None] = []
    position = 6
    while position + 9 <= len(content):
        attribute, length = struct.unpack_from("<II", content, position + 1)
        value = content[position + 9 : position + 9 + length]
        position += 9 + length + 2
        if attribute == _RENDERING:
            names.append("")
            contents.append(None)
        elif not names:
            continue
        elif attribute == _TITLE:
            names[-1] = names[-1] or decode(value.rstrip(b"\x00"))
        elif attribute == _DATA:
            contents[-1] = value
        elif attribute == _PROPERTIES:
            names[-1] = _long_name(value) or names[-1]
    return [
        NewFile(name or "attachment", file)
        for name, file in zip(names, contents, strict=True)
        if file is not None
    ]


def _long_name(properties: bytes) -> str:
    for tag, charset in _LONG_NAME:
        start = properties.find(tag)
        if start >= 0 and start + 12 <= len(properties):
            # The tag is followed by the count of values (1) and the length in bytes.
            length = struct.unpack_from("<I", properties, start + 8)[0]
            value = properties[start + 12 : start + 12 + length]
            return decode(value, charset).rstrip("\x00")
    return ""
