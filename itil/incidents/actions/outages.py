"""When an incident kept people from using a service, or from using it as agreed (`KPI-18`)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from itil.desk import permissions
from itil.desk.actions.changing import ensure, ensure_unchanged, locked, refresh_copy, write
from itil.desk.actions.editing import plain
from itil.incidents.models import Incident
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import EventKind, Ticket
from portal.people.models import User


@transaction.atomic
def note_outage(
    incident: Incident,
    *,
    by: User,
    version: int,
    down_from: datetime | None,
    down_until: datetime | None,
    is_degraded: bool = False,
    at: datetime | None = None,
) -> Ticket:
    """Say from when until when the service of the incident could not be used, or not as agreed.

    Without an end it lasts until the incident is resolved, or was before a reopening that was a
    courtesy (`INC-3`); without a beginning it was never so.
    `is_degraded`: it could be used meanwhile, but worse than agreed, which counts as much as the
    agreement says and is no failure. Allowed also after the incident was closed, as
    times are often known only then; raises StaleRecord, NotAllowed, MissingValue, and Refused when
    it is no incident any more.
    """
    at = at or timezone.now()
    present = locked(incident)
    if not isinstance(present, Incident):
        raise Refused(_("%(number)s is no incident any more.") % {"number": present.number})
    ensure(permissions.may_edit(by, present), _("You cannot change this ticket."))
    ensure_unchanged(present, version)
    _check(present, down_from, down_until, at)
    if down_from is not None and down_until is None and present.resolved_at is not None:
        down_until = present.restored_before_courtesy(down_from)
    told = {
        "down_from": down_from,
        "down_until": down_until,
        "is_degraded": is_degraded and down_from is not None,
    }
    changes = {name: value for name, value in told.items() if getattr(present, name) != value}
    if not changes:
        return refresh_copy(incident, present)
    described = {name: [plain(getattr(present, name)), plain(changes[name])] for name in changes}
    write(present, at=at, changes=changes)
    tickets.record(present, EventKind.EDITED, by=by, at=at, data={"changes": described})
    return refresh_copy(incident, present)


def _check(
    incident: Incident, down_from: datetime | None, down_until: datetime | None, now: datetime
) -> None:
    if down_from is None:
        if down_until is not None:
            raise MissingValue("down_from", _("Say when it began."))
        return
    if incident.service_id is None:
        raise MissingValue("down_from", _("Choose first which service the incident is about."))
    if down_from > now:
        raise MissingValue("down_from", _("This is yet to come."))
    if down_until is not None and down_until <= down_from:
        raise MissingValue("down_until", _("It must end after it begins."))
    if down_until is not None and down_until > now:
        raise MissingValue("down_until", _("This is yet to come. Leave it empty while it lasts."))
