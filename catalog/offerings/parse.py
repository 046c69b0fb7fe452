"""A catalog as a file: which rows it has, what they promise, and which of them are damaged.

One row is one thing to order, with `type` (its name), `subject` (the department), `reason` (the
topic), and, if the file has them, `department` (short name of the team), `due_kind` and `due_days`:
so many working days (`business`) or days (`calendar`), or no promise (`none`, `few` or empty).
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

REQUIRED = ("type", "subject", "reason")
MOST_DAYS = 730
LONGEST = 120
NO_PROMISE = ("", "none", "few")
KINDS = ("business", "calendar")

# Beginnings of words of a name or topic, and their icon; the first that fits counts.
SIGN_WORDS = (
    ("light", "bulb"),
    ("tree", "tree"),
    ("ground", "tree"),
    ("park", "tree"),
    ("animal", "paw"),
    ("rodent", "paw"),
    ("recycl", "recycle"),
    ("trash", "trash"),
    ("sanit", "trash"),
    ("litter", "trash"),
    ("traffic", "traffic-lights"),
    ("sign", "traffic-lights"),
    ("street", "road"),
    ("pothole", "road"),
    ("highway", "road"),
    ("sidewalk", "road"),
    ("vehicle", "car"),
    ("water", "droplet"),
    ("sewer", "droplet"),
    ("catchbasin", "droplet"),
    ("heat", "temperature"),
    ("graffiti", "spray"),
    ("clean", "spray"),
    ("hous", "home"),
    ("living", "home"),
    ("building", "building"),
    ("construction", "tools"),
    ("repair", "tools"),
    ("health", "first-aid-kit"),
    ("billing", "receipt"),
    ("notification", "speakerphone"),
    ("comment", "messages"),
)
OTHER_SIGN = "help-circle"


class NotACatalog(Exception):  # noqa: N818 - a refusal, whose sentence is for a person
    """The file is no catalog; the message says why."""


@dataclass(frozen=True)
class Offer:
    """One thing to order, as its row tells it. `days` None: nothing is promised."""

    name: str
    department: str
    topic: str
    team: str = ""
    days: int | None = None
    # Counted in working days; else in days of the calendar.
    working: bool = True

    @property
    def icon(self) -> str:
        """The sign of the first beginning of a word that says something."""
        for text in (self.name, self.topic):
            words = text.lower().split()
            for beginning, sign in SIGN_WORDS:
                if any(word.startswith(beginning) for word in words):
                    return sign
        return OTHER_SIGN


@dataclass
class CatalogFile:
    """What a file holds: the offers, and the lines left out by their reason."""

    offers: list[Offer] = field(default_factory=list)
    damaged: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def read_catalog(path: Path) -> CatalogFile:
    """The rows of the file. NotACatalog when it cannot be read as one."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return _read(lines)
    except OSError as error:
        raise NotACatalog(f"{path} cannot be opened: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotACatalog(f"{path} is no CSV file in UTF-8: {error}.") from error


def _read(lines: TextIO) -> CatalogFile:
    rows = csv.DictReader(lines)
    missing = [name for name in REQUIRED if name not in (rows.fieldnames or ())]
    if missing:
        raise NotACatalog(f"The file has no column {', '.join(missing)}.")
    found, names = CatalogFile(), set()
    for row in rows:
        offer = _offer({name: " ".join((row.get(name) or "").split()) for name in row if name})
        if isinstance(offer, Offer) and offer.name in names:
            offer = "the name stands in an earlier row"
        if isinstance(offer, Offer):
            names.add(offer.name)
            found.offers.append(offer)
        else:
            found.damaged[offer].append(rows.line_num)
    return found


def _offer(row: dict[str, str]) -> Offer | str:
    """The offer of a row, or why there is none."""
    for name in REQUIRED:
        if not row[name]:
            return f"no {name}"
        if len(row[name]) > LONGEST:
            return f"the {name} is longer than {LONGEST} characters"
    kind, days = row.get("due_kind", ""), row.get("due_days", "")
    if kind not in (*NO_PROMISE, *KINDS):
        return f"unknown kind of promise: {kind}"
    is_promise = kind in KINDS
    if is_promise and not (days.isascii() and days.isdigit() and 1 <= int(days) <= MOST_DAYS):
        return f"no number of days from 1 to {MOST_DAYS}"
    return Offer(
        name=row["type"],
        department=row["subject"],
        topic=row["reason"],
        team=row.get("department", ""),
        days=int(days) if is_promise else None,
        working=kind != "calendar",
    )
