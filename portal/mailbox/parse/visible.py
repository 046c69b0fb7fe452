"""What the writer wrote: the text without quotation and signature (`MAI-9`).

When stripping would leave nothing, or the mail is a forward, everything is shown. Answers written
between quoted lines are kept together with the lines they answer.
"""

from dataclasses import dataclass

from . import quotations as q

_HEADER_SPAN = 8
_WRAPPED = 3


@dataclass(frozen=True)
class Visible:
    """The shown text, and how it differs from the whole."""

    text: str
    is_stripped: bool


def visible(text: str, *, subject: str = "") -> Visible:
    """The part of `text` that is worth showing."""
    lines = [line.rstrip() for line in text.split("\n")]
    whole = "\n".join(lines).strip("\n")
    kept = _before_marker(lines)
    if not _is_forward(kept, subject):
        kept = _without_tail(kept)
        kept = _without_quotes(kept)
        kept = _without_signature(kept)
    shown = "\n".join(kept).strip()
    if not shown:
        return Visible(whole.strip(), is_stripped=False)
    return Visible(shown, is_stripped=shown != whole.strip())


def _before_marker(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if q.MARKER.match(line):
            head = lines[:index]
            # The line that introduces the quotation of our mail stands right above the marker.
            while head and (not head[-1].strip() or q.QUOTED.match(head[-1])):
                head.pop()
            for size in range(min(_WRAPPED, len(head)), 0, -1):
                if _introduces(head[-size:]):
                    return head[:-size]
            return head
    return lines


def _is_forward(lines: list[str], subject: str) -> bool:
    return bool(q.FORWARDED_SUBJECT.match(subject)) or any(
        q.FORWARDED_LINE.match(line) for line in lines
    )


def _without_tail(lines: list[str]) -> list[str]:
    """Cut at the first quotation that has no '>' before its lines (Outlook, HTML mail)."""
    for index, line in enumerate(lines):
        if q.ORIGINAL.match(line) or _starts_headers(lines, index):
            return lines[:index]
        if q.RULER.match(line) and _starts_headers(lines, _next_text(lines, index + 1)):
            return lines[:index]
        size = _attribution_at(lines, index)
        if size and not _is_quoted(lines, _next_text(lines, index + size)):
            return lines[:index]
    return lines


def _without_quotes(lines: list[str]) -> list[str]:
    """Drop the last block of '>' lines, and an only block above a bottom answer."""
    blocks = _quoted_blocks(lines)
    if not blocks:
        return lines
    before = _has_text(lines[: blocks[0][0]])
    after = _has_text(lines[blocks[-1][1] :])
    if after and len(blocks) == 1 and not before:
        return lines[blocks[0][1] :]
    if after:
        # Text stands between or below quoted lines: answers, shown with what they answer.
        return lines
    return _without_quotes(lines[: blocks[-1][0]]) if len(blocks) == 1 else lines[: blocks[-1][0]]


def _quoted_blocks(lines: list[str]) -> list[tuple[int, int]]:
    """(start, end) of every run of quoted lines, the line that introduces it included."""
    blocks: list[tuple[int, int]] = []
    index = 0
    while index < len(lines):
        size = _attribution_at(lines, index)
        start = _next_text(lines, index + size) if size else index
        if not _is_quoted(lines, start):
            index += 1
            continue
        end = start
        while end < len(lines) and (_is_quoted(lines, end) or not lines[end].strip()):
            end += 1
        while not lines[end - 1].strip():
            end -= 1
        blocks.append((index, end))
        index = end
    return blocks


def _without_signature(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if q.SIGNATURE.match(line) and not any(
            q.QUOTED.match(later) for later in lines[index + 1 :]
        ):
            lines = lines[:index]
            break
    lines = _without_blank_end(lines)
    if lines and q.DEVICE.match(lines[-1]) and len(lines) > 1:
        lines = _without_blank_end(lines[:-1])
    return lines


def _without_blank_end(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _attribution_at(lines: list[str], index: int) -> int:
    """How many lines introduce a quotation at `index`; 0 when none do. Long ones are wrapped."""
    if index >= len(lines) or not lines[index].strip() or q.QUOTED.match(lines[index]):
        return 0
    for size in range(1, _WRAPPED + 1):
        part = lines[index : index + size]
        if len(part) < size or not part[-1].strip():
            return 0
        if _introduces(part):
            return size
    return 0


def _introduces(part: list[str]) -> bool:
    joined = " ".join(line.strip() for line in part)
    if len(joined) > 300 or not any(c.isdigit() for c in joined):
        return False
    if len(part) > 1 and not _opens(part[0]):
        return False
    return bool(q.ATTRIBUTION.match(joined) or q.GENERIC_ATTRIBUTION.match(joined))


def _opens(line: str) -> bool:
    """A wrapped introduction begins with a date: its first line has a digit and ends open."""
    return any(c.isdigit() for c in line) and not line.endswith((".", "!", "?", ":", "："))


def _starts_headers(lines: list[str], index: int) -> bool:
    if index >= len(lines) or not q.HEADER_FROM.match(lines[index]):
        return False
    labels = set()
    for line in lines[index + 1 : index + 1 + _HEADER_SPAN]:
        found = q.HEADER_OTHER.match(line)
        if found:
            labels.add(found["label"].lower())
    return len(labels) >= 2


def _is_quoted(lines: list[str], index: int) -> bool:
    return index < len(lines) and bool(q.QUOTED.match(lines[index]))


def _next_text(lines: list[str], index: int) -> int:
    while index < len(lines) and not lines[index].strip():
        index += 1
    return index


def _has_text(lines: list[str]) -> bool:
    """True when someone wrote here: more than blanks, and not a signature only."""
    kept = _without_signature(lines)
    return any(line.strip() for line in kept)
