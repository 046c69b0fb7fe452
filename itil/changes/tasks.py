"""What the worker does with changes as time passes; portal.worker.schedule says when."""

from django.utils import timezone
from django_tasks import task

from portal.people.models import User

from . import actions
from .actions import conflicts
from .models import AdvisoryBoard, BoardMeeting


@task()
def flag_unauthorised() -> int:
    """Flag changes begun on a spoken authorization that nobody confirmed in time."""
    return actions.flag_unauthorised(timezone.now())


@task()
def expire_templates() -> int:
    """End the templates whose day of review has come."""
    return actions.expire_templates(timezone.now())


@task()
def find_caused() -> int:
    """Propose the incidents that recent changes may have caused."""
    return actions.find_caused(timezone.now())


@task()
def check_ahead() -> list[int]:
    """Look for conflicts of what is planned within 30 days; how many came, how many went."""
    return list(conflicts.check_ahead(timezone.now()))


@task()
def print_minutes(meeting_pk: int, user_pk: int) -> None:
    """Make the PDF of the minutes for a reader who waits for it, and may still read them."""
    reader = User.objects.get(pk=user_pk)
    boards = AdvisoryBoard.objects.visible_to(reader)
    meeting = BoardMeeting.objects.filter(pk=meeting_pk, board__in=boards).first()
    if meeting is not None:
        actions.make_minutes(meeting, reader)
