"""What approvers decide on, frozen when they are asked (`APP-9`). Knows no tables."""

from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Self


@dataclass(frozen=True)
class MatterFile:
    """A file that was sent with the request, by its path in the storage of files."""

    name: str
    path: str
    content_type: str


@dataclass(frozen=True)
class Matter:
    """What approvers see, and nothing else (`APP-10`).

    `lines` are pairs of label and text, ready to be read, `files` what may be opened; the caller
    leaves out what nobody may open. `reason` is why the requester asks, in their own words;
    `starts_at` and `ends_at` (UTC) say when it is to be done. `barred` are the people besides the
    requester who may not decide: whom it is for, who carries it out (`APP-4`). `owner` answers for
    what is asked for, the owner of a catalog item for instance. `url` is the requester's own page
    of it. `silence_approves` lets a time-out approve; it has no effect where money or confidential
    data is concerned (`APP-7`).
    """

    title: str
    requester_id: int
    lines: tuple[tuple[str, str], ...] = ()
    files: tuple[MatterFile, ...] = ()
    amount: Decimal | None = None
    currency: str = ""
    reason: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    barred: tuple[int, ...] = ()
    owner: int | None = None
    service_id: int | None = None
    url: str = ""
    silence_approves: bool = False

    def as_data(self) -> dict[str, Any]:
        """The same as JSON; an amount is a text."""
        return {
            "title": str(self.title),
            "requester_id": self.requester_id,
            "lines": [[str(label), str(text)] for label, text in self.lines],
            "files": [asdict(file) for file in self.files],
            "amount": None if self.amount is None else str(self.amount),
            "currency": self.currency,
            "reason": self.reason,
            "starts_at": self.starts_at and self.starts_at.isoformat(),
            "ends_at": self.ends_at and self.ends_at.isoformat(),
            "barred": sorted(self.barred),
            "owner": self.owner,
            "service_id": self.service_id,
            "url": self.url,
            "silence_approves": self.silence_approves,
        }

    @classmethod
    def of(cls, data: dict[str, Any]) -> Self:
        amount = data["amount"]
        return cls(
            **data
            | {
                "lines": tuple((label, text) for label, text in data["lines"]),
                "files": tuple(MatterFile(**file) for file in data.get("files", ())),
                "amount": None if amount is None else Decimal(amount),
                "starts_at": _moment(data["starts_at"]),
                "ends_at": _moment(data["ends_at"]),
                "barred": tuple(data["barred"]),
            }
        )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
