"""Meetings of boards: planned, with an agenda, votes until a moment, and minutes."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.changes import permissions
from itil.changes.documents import minutes as papers
from itil.changes.lifecycle import Status
from itil.changes.models import AdvisoryBoard, AgendaItem, BoardMeeting, Change
from itil.desk.actions.changing import ensure
from itil.tickets.errors import MissingValue, Refused
from portal.people.models import User

from .minutes import forget_minutes


@transaction.atomic
def plan_meeting(
    board: AdvisoryBoard,
    *,
    by: User,
    at: datetime,
    starts_at: datetime,
    votes_until: datetime,
    place: str = "",
) -> BoardMeeting:
    """Call a meeting; what waits for the board goes on its agenda.

    Raises NotAllowed, MissingValue, and Refused for a board without members.
    """
    ensure(permissions.may_lead(by, board), _("The chair or a change manager calls meetings."))
    if board.is_empty:
        raise Refused(
            _("“%(board)s” has no members. An administrator adds them first.") % {"board": board}
        )
    if starts_at <= at:
        raise MissingValue("starts_at", _("Choose a time that is still to come."))
    if votes_until <= at:
        raise MissingValue("votes_until", _("Choose a time that is still to come."))
    meeting = BoardMeeting.objects.create(
        board=board,
        starts_at=starts_at,
        votes_until=votes_until,
        place=place.strip(),
        created_at=at,
    )
    waiting = Change.objects.filter(board=board, status=Status.AUTHORIZATION)
    free = waiting.exclude(agenda_items__meeting__closed_at__isnull=True)
    for change in (free | waiting.filter(agenda_items__isnull=True)).distinct().order_by("pk"):
        put_on_agenda(meeting, change, by=by, at=at)
    return meeting


@transaction.atomic
def put_on_agenda(meeting: BoardMeeting, change: Change, *, by: User, at: datetime) -> AgendaItem:
    """Let the board speak about a change; the votes of one that waits for it count until the
    meeting's deadline. Raises Refused once the minutes are closed.
    """
    present = _open(meeting, by)
    item, is_new = AgendaItem.objects.get_or_create(
        meeting=present, change=change, defaults={"added_at": at}
    )
    if is_new:
        forget_minutes(present)
    is_asked = change.status == Status.AUTHORIZATION and change.board_id == present.board_id
    if is_asked and present.votes_until > at:
        approvals.set_deadline(change, present.votes_until, at=at)
    return item


@transaction.atomic
def take_off_agenda(item: AgendaItem, *, by: User) -> None:
    """Leave a change for another meeting. Raises Refused once the minutes are closed."""
    meeting = _open(item.meeting, by)
    item.delete()
    forget_minutes(meeting)


@transaction.atomic
def move_meeting(
    meeting: BoardMeeting, *, by: User, at: datetime, starts_at: datetime, votes_until: datetime
) -> BoardMeeting:
    """Hold it at another time; the votes of its changes count until the new deadline."""
    present = _open(meeting, by)
    if starts_at <= at:
        raise MissingValue("starts_at", _("Choose a time that is still to come."))
    if votes_until <= at:
        raise MissingValue("votes_until", _("Choose a time that is still to come."))
    present.starts_at, present.votes_until = starts_at, votes_until
    present.save(update_fields=["starts_at", "votes_until"])
    for item in present.agenda.select_related("change"):
        if item.change.status == Status.AUTHORIZATION:
            approvals.set_deadline(item.change, votes_until, at=at)
    return present


@transaction.atomic
def take_minutes(
    meeting: BoardMeeting,
    *,
    by: User,
    remarks: str | None = None,
    present_people: Iterable[User] | None = None,
    said: dict[int, str] | None = None,
) -> BoardMeeting:
    """Write who was there and what was said about which change, by the key of its line."""
    meeting = _open(meeting, by)
    if remarks is not None:
        meeting.remarks = remarks.strip()
        meeting.save(update_fields=["remarks"])
    if present_people is not None:
        members = set(meeting.board.members.values_list("user", flat=True))
        meeting.present.set(person for person in present_people if person.pk in members)
    for item in meeting.agenda.all():
        if item.pk in (said or {}):
            item.minutes = (said or {})[item.pk].strip()
            item.save(update_fields=["minutes"])
    return meeting


@transaction.atomic
def close_meeting(meeting: BoardMeeting, *, by: User, at: datetime) -> BoardMeeting:
    """Agree on the minutes: nothing of the meeting changes any more, and they tell of each change
    as it stands now.
    """
    present = _open(meeting, by)
    if at < present.starts_at:
        raise Refused(_("The meeting has not begun yet."))
    present.closed_at, present.closed_by = at, by
    present.save(update_fields=["closed_at", "closed_by"])
    for item in papers.agenda_of(present, None):
        item.facts = papers.facts_of(item)
        item.save(update_fields=["facts"])
    return present


def vote_of(change: Change, person: User) -> Vote | None:
    """The vote that is asked of `person` about `change` right now, if one is."""
    found = Vote.objects.live().filter(
        step__process__ticket=change.pk, step__process__state="running", voter=person
    )
    vote: Vote | None = found.order_by("-pk").first()
    return vote


def _open(meeting: BoardMeeting, by: User) -> BoardMeeting:
    present: BoardMeeting = BoardMeeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    ensure(
        permissions.may_lead(by, present.board),
        _("The chair or a change manager keeps the agenda and the minutes."),
    )
    if present.closed_at is not None:
        raise Refused(_("The minutes of this meeting are closed."))
    return present
