"""The week sheet: what one cell says becomes the time of a day on a ticket."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.tickets.errors import MissingValue, Refused, StaleRecord
from itil.tickets.models import Ticket
from itil.timesheets.models import Activity, TimeEntry
from portal.people.models import User

from .timing import correct_time, log_time, remove_time


def is_whole(entries: list[TimeEntry]) -> bool:
    """A cell with these can be typed over: nothing, or one open entry of which only the minutes are
    known. Others are corrected one by one.
    """
    if len(entries) > 1:
        return False
    return all(entry.is_correctable and entry.started_at is None for entry in entries)


@transaction.atomic
def set_cell(
    ticket: Ticket,
    activity: Activity,
    day: date,
    *,
    by: User,
    minutes: int,
    was: int,
    kilometres: Decimal | None = None,
    at: datetime | None = None,
) -> None:
    """Make `minutes` what `by` worked on `ticket` that day, and `kilometres` what was driven for
    it; 0 minutes takes the entry out.

    `was` is what the sheet showed. Raises StaleRecord when that is no longer true, MissingValue for
    a way without its time, and what booking, correcting and removing raise.
    """
    at = at or timezone.now()
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    entries = list(
        TimeEntry.objects.filter(
            agent=by, ticket_id=ticket.pk, activity=activity, work_date=day
        ).order_by("pk")
    )
    if sum(entry.minutes for entry in entries) != was:
        raise StaleRecord(_("This was changed while you were typing. Look at it again."))
    if not is_whole(entries):
        raise Refused(_("Correct these entries one by one."))
    if kilometres and not minutes:
        raise MissingValue("kilometres", _("Enter the time of the way too, or empty both fields."))
    reason = _("Changed in the week sheet")
    # The way is told only where there is one, so that other work is never asked about it.
    way: dict[str, Any] = {"kilometres": kilometres} if kilometres else {}
    if not entries:
        if minutes:
            log_time(ticket, by=by, minutes=minutes, activity=activity, work_date=day, at=at, **way)
    elif minutes:
        changes = {"minutes": minutes, "kilometres": kilometres}
        correct_time(entries[0], by=by, reason=reason, changes=changes, at=at)
    else:
        remove_time(entries[0], by=by, reason=reason, at=at)
