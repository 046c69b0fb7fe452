"""Workarounds: written version by version, told on the incidents of the problem (`PRB-2`)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import actions as desk
from itil.desk.actions.changing import ensure, locked, write
from itil.desk.actions.replying import say_to_requester
from itil.problems import permissions
from itil.problems.matching.incidents import told_next, waits_for
from itil.problems.models import Problem, Workaround, WorkaroundPost
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import EventKind, TicketEvent
from portal.people.models import User

# How many incidents one run of the job tells; the next run takes the rest.
BATCH = 200


@transaction.atomic
def write_workaround(
    problem: Problem, *, by: User, text: str, at: datetime | None = None
) -> Workaround:
    """Write the next version; the one before stays as it was told.

    Raises NotAllowed; MissingValue without a text; Refused for the same text again and once the
    problem is over.
    """
    at = at or timezone.now()
    present = locked(problem)
    ensure(permissions.may_analyse(by, present), _("You cannot change this problem."))
    if present.closed_at:
        raise Refused(_("%(number)s is over.") % {"number": present.number})
    text = text.strip()
    if not text:
        raise MissingValue("text", _("Write what people can do until it is fixed."))
    last = Workaround.objects.filter(problem=present.pk).first()
    if last is not None and last.text == text:
        raise Refused(_("This is the text of version %(version)d.") % {"version": last.version})
    made = Workaround.objects.create(
        problem_id=present.pk,
        version=last.version + 1 if last else 1,
        text=text,
        written_at=at,
        written_by=by,
    )
    write(present, at=at, changes={})
    data = {"what": "workaround", "version": made.version}
    tickets.record(present, EventKind.PROBLEM, by=by, at=at, data=data)
    return made


@transaction.atomic
def publish_workaround(
    workaround: Workaround,
    *,
    by: User,
    is_public: bool,
    resumes: bool = False,
    shown: Collection[int] | None = None,
    at: datetime | None = None,
) -> int:
    """Have a version told on the open linked incidents that were not told it; returns how many.

    Public: their requesters get it by mail; else it is a note. With `resumes`, incidents that
    wait for the problem go on. `shown` are the keys of the incidents that the person was shown:
    nothing is told when they are others by now. The job tells them one by one (`post_pending`).
    Raises NotAllowed, Refused for an older version or when nobody is left to tell, StaleRecord.
    """
    at = at or timezone.now()
    problem = locked(workaround.problem)
    ensure(permissions.may_manage(by, problem), _("Only a problem manager publishes workarounds."))
    newest = Workaround.objects.filter(problem=problem.pk).first()
    if newest != workaround:
        raise StaleRecord(_("There is a newer version. Look at it first."))
    incidents = list(told_next(workaround, by))
    if not incidents:
        raise Refused(_("No open incident is left that was not told this version."))
    if shown is not None and {one.pk for one in incidents} != set(shown):
        raise StaleRecord(_("The incidents have changed meanwhile. Look at the list again."))
    WorkaroundPost.objects.bulk_create(
        WorkaroundPost(
            workaround=workaround,
            incident=incident,
            is_public=is_public,
            resumes=resumes,
            asked_by=by,
        )
        for incident in incidents
    )
    if workaround.published_at is None:
        workaround.published_at, workaround.published_by = at, by
        workaround.save(update_fields=["published_at", "published_by"])
    data = {
        "what": "published",
        "version": workaround.version,
        "count": len(incidents),
        "public": is_public,
    }
    tickets.record(problem, EventKind.PROBLEM, by=by, at=at, data=data)
    return len(incidents)


def post_pending(at: datetime) -> int:
    """Tell what was published; returns on how many incidents. Each is told once, by whoever runs.

    A run that is broken off leaves whole incidents; the next one goes on after them.
    """
    waiting = WorkaroundPost.objects.filter(posted_at__isnull=True, is_skipped=False)
    rows = waiting.select_related("workaround__problem", "incident", "asked_by").order_by("pk")
    return sum(_post(row, at) for row in list(rows[:BATCH]))


@transaction.atomic
def _post(post: WorkaroundPost, at: datetime) -> bool:
    """False when another run was faster, or the incident is over."""
    incident = locked(post.incident)
    mine = WorkaroundPost.objects.filter(pk=post.pk, posted_at__isnull=True, is_skipped=False)
    if not incident.is_open:
        mine.update(is_skipped=True)
        return False
    if not mine.update(posted_at=at):
        return False
    problem = post.workaround.problem
    cause = TicketEvent.objects.filter(
        ticket=problem.pk, kind=EventKind.PROBLEM, data__what="published"
    ).last()
    if post.is_public:
        say_to_requester(
            incident,
            by=post.asked_by,
            text=post.workaround.text,
            at=at,
            told={"workaround": post.workaround.version},
            cause=cause,
        )
    else:
        text = _("Workaround of %(number)s:") % {"number": problem.number}
        desk.note(
            incident,
            by=post.asked_by,
            text=f"{text}\n\n{post.workaround.text}",
            cause=cause,
            at=at,
        )
    if post.resumes and waits_for(incident, problem):
        desk.try_move(incident, "resume", at=at, cause=cause)
    return True
