"""What the people who do a task do with it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.conversation.files import NewFile, within_limits
from itil.tasks import permissions
from itil.tasks.lifecycle import Status
from itil.tasks.models import Evidence, Task
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

from .changing import ensure, locked, open_ready, refresh_copy, step, tell, write


@transaction.atomic
def start(task: Task, *, by: User, at: datetime) -> Task:
    """Begin to work on it; whoever starts it has it from then on, but for a stand-in.

    Raises Refused while the ticket waits for a decision.
    """
    present = locked(task)
    # Who stands in, works in the name of an assignee, so there is one.
    stood_for = present.assignee if permissions.stands_in(by, present, at) else None
    person = stood_for or by
    step(present, "start", by=by, at=at, changes={"assignee": person, "started_at": at})
    tell(
        present, "started", by=by, at=at, data={"assignee": person.pk, "assignee_name": person.name}
    )
    return refresh_copy(task, present)


@transaction.atomic
def finish(
    task: Task, *, by: User, at: datetime, evidence: str = "", files: Iterable[NewFile] = ()
) -> Task:
    """It is done. Opens what waited for it.

    Raises MissingValue (checklist, evidence, files) for what is not ticked or not shown, and for
    files beyond the limits.
    """
    present = locked(task)
    evidence = evidence.strip()
    kept, refused = within_limits(files)
    if refused:
        raise MissingValue("files", " ".join(refused))
    step(
        present,
        "finish",
        by=by,
        at=at,
        values={"evidence": evidence, "files": kept},
        changes={"evidence": evidence},
    )
    for file in kept:
        Evidence(task=present, added_by=by, added_at=at).keep(file)
    data = {"evidence": evidence, "files": [file.clean_name for file in kept]}
    tell(present, "done", by=by, at=at, data=data)
    open_ready(present.ticket, at=at)
    return refresh_copy(task, present)


@transaction.atomic
def fail(task: Task, *, by: User, at: datetime, note: str) -> Task:
    """It could not be done; what comes after it stays where it is (`REQ-4`)."""
    present, note = locked(task), note.strip()
    step(present, "fail", by=by, at=at, values={"note": note}, changes={"note": note})
    tell(present, "failed", by=by, at=at, data={"note": note})
    return refresh_copy(task, present)


@transaction.atomic
def block(task: Task, *, by: User, at: datetime, note: str) -> Task:
    """Something stands in the way; `note` says what."""
    present, note = locked(task), note.strip()
    step(present, "block", by=by, at=at, values={"note": note}, changes={"note": note})
    tell(present, "blocked", by=by, at=at, data={"note": note})
    return refresh_copy(task, present)


@transaction.atomic
def unblock(task: Task, *, by: User, at: datetime, note: str = "") -> Task:
    """It can go on. Raises Refused while the ticket waits for a decision."""
    present, note = locked(task), note.strip()
    step(present, "unblock", by=by, at=at, changes={"note": ""})
    tell(present, "unblocked", by=by, at=at, data={"note": note})
    return refresh_copy(task, present)


@transaction.atomic
def skip(task: Task, *, by: User, at: datetime, reason: str = "") -> Task:
    """It is not needed. Opens what waited for it.

    Raises NotAllowed for a mandatory one unless a lead skips it, MissingValue when that lead does
    not say why.
    """
    present, reason = locked(task), reason.strip()
    step(present, "skip", by=by, at=at, values={"reason": reason}, changes={"note": reason})
    tell(present, "skipped", by=by, at=at, data={"reason": reason})
    open_ready(present.ticket, at=at)
    return refresh_copy(task, present)


@transaction.atomic
def tick(task: Task, item: int, *, done: bool, by: User, at: datetime) -> Task:
    """Tick line `item` of the checklist, counted from 0, or take the tick off.

    Two people who tick at once both count. Raises Refused unless it is being worked on; nothing
    happens to a line that is as it should be.
    """
    present = locked(task)
    ensure(
        permissions.may_work(by, present, at),
        _("You cannot do this with %(number)s.") % {"number": present.number},
    )
    if present.status != Status.IN_PROGRESS:
        raise Refused(
            _("%(number)s is “%(status)s”. Its checklist is ticked while it is in progress.")
            % {"number": present.number, "status": present.status_label}
        )
    if not 0 <= item < len(present.checklist):
        raise MissingValue("item", _("The checklist has no such line."))
    line = present.checklist[item]
    if line["done"] != done:
        checklist = [dict(one) for one in present.checklist]
        checklist[item]["done"] = done
        write(present, at=at, changes={"checklist": checklist})
        tell(present, "ticked", by=by, at=at, data={"item": line["text"], "done": done})
    return refresh_copy(task, present)
