"""The minutes of a meeting as a file: made by the worker, kept until they change."""

import hashlib
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from itil.changes.documents import minutes as papers
from itil.changes.models import AgendaItem, BoardMeeting, MinutesFile
from itil.changes.models.board import minutes_path
from portal.people.models import User

# A request that no worker has answered by then is made again.
ASK_AGAIN_AFTER = timedelta(seconds=60)


def minutes_pdf(meeting: BoardMeeting, reader: User) -> bytes | None:
    """The minutes as `reader` may read them now, or None when their file has yet to be made.

    A file that is not the one that was stored is made again.
    """
    items = papers.agenda_of(meeting, reader)
    page = _hash(papers.html_of(meeting, items).encode())
    found = MinutesFile.objects.filter(meeting=meeting, lines_sha256=_lines(items)).first()
    if found is None or not found.file or found.page_sha256 != page:
        return None
    try:
        with found.file.open("rb") as file:
            content = bytes(file.read())
    except OSError:
        return None
    return content if _hash(content) == found.sha256 else None


def request_minutes(meeting: BoardMeeting, reader: User, *, at: datetime) -> bool:
    """Note that the file is wanted; False when that was done a moment ago."""
    lines = _lines(papers.agenda_of(meeting, reader))
    wanted, is_new = MinutesFile.objects.get_or_create(
        meeting=meeting, lines_sha256=lines, defaults={"requested_at": at}
    )
    if is_new:
        return True
    if wanted.requested_at and at - wanted.requested_at < ASK_AGAIN_AFTER:
        return False
    MinutesFile.objects.filter(pk=wanted.pk).update(requested_at=at)
    return True


def make_minutes(meeting: BoardMeeting, reader: User) -> None:
    """Print the minutes as `reader` may read them, and store the file."""
    items = papers.agenda_of(meeting, reader)
    html = papers.html_of(meeting, items)
    content = papers.pdf_of(html)
    made, _is_new = MinutesFile.objects.get_or_create(meeting=meeting, lines_sha256=_lines(items))
    storage, outdated = made.file.storage, made.file.name or ""
    name = storage.save(minutes_path(made, ""), ContentFile(content))
    kept = MinutesFile.objects.filter(pk=made.pk).update(
        file=name, sha256=_hash(content), page_sha256=_hash(html.encode()), requested_at=None
    )
    # Its lines were changed meanwhile: nobody refers to the new file.
    unused = outdated if kept else name
    if unused:
        storage.delete(unused)


def forget_minutes(meeting: BoardMeeting) -> None:
    """Drop what was printed: the agenda has other lines now."""
    files = MinutesFile.objects.filter(meeting=meeting)
    for one in files.exclude(file=""):
        transaction.on_commit(partial(one.file.storage.delete, str(one.file.name)))
    files.delete()


def _lines(items: list[AgendaItem]) -> str:
    return _hash(",".join(str(key) for key in sorted(item.pk for item in items)).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
