"""What came of a change: its review, the incidents it may have caused, what people are told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from itil.changes import permissions
from itil.changes.lifecycle import Outcome, Status
from itil.changes.matching.suspects import REVIEW_PERIOD, suspects_of
from itil.changes.models import Announcement, CausedIncident, Change, PostImplementationReview
from itil.desk.actions.changing import ensure, locked, refresh_copy, write
from itil.services.models import Service
from itil.tickets import actions as tickets
from itil.tickets.errors import MissingValue, Refused
from itil.tickets.models import EventKind, LinkType
from portal.people.models import User


@transaction.atomic
def write_review(
    change: Change,
    *,
    by: User,
    at: datetime,
    outcome: str,
    lessons: str,
    went_well: str = "",
    went_wrong: str = "",
    follow_up: str = "",
) -> PostImplementationReview:
    """Write the review, or write it anew; its outcome becomes that of the change.

    Raises NotAllowed, MissingValue, and Refused unless the change waits for its review.
    """
    present = cast(Change, locked(change))
    ensure(permissions.may_review(by, present), _("You cannot review this change."))
    if present.status != Status.REVIEW:
        raise Refused(
            _("%(number)s is “%(status)s”. It is reviewed once it is carried out.")
            % {"number": present.number, "status": present.status_label}
        )
    if outcome not in Outcome.values:
        raise MissingValue("outcome", _("Choose what came of it."))
    if present.caused_incident and outcome == Outcome.SUCCESSFUL:
        raise MissingValue("outcome", _("It caused an incident: it was not simply successful."))
    if not lessons.strip():
        raise MissingValue("lessons", _("Write what is to be learned from it."))
    if outcome != Outcome.SUCCESSFUL and not went_wrong.strip():
        raise MissingValue("went_wrong", _("Write what went wrong."))
    review, _is_new = PostImplementationReview.objects.update_or_create(
        change=present,
        defaults={
            "outcome": outcome,
            "lessons": lessons.strip(),
            "went_well": went_well.strip(),
            "went_wrong": went_wrong.strip(),
            "follow_up": follow_up.strip(),
            "written_by": by,
            "written_at": at,
        },
    )
    _tell(present, "reviewed", by=by, at=at, outcome=outcome)
    if present.outcome != outcome:
        told = {"changes": {"outcome": [present.outcome, outcome]}}
        write(present, at=at, changes={"outcome": outcome})
        tickets.record(present, EventKind.EDITED, by=by, at=at, data=told)
    refresh_copy(change, present)
    return review


@transaction.atomic
def confirm_items(change: Change, *, by: User, at: datetime) -> Change:
    """Say that the changed items are described as they are now."""
    present = cast(Change, locked(change))
    ensure(permissions.may_review(by, present), _("You cannot confirm this."))
    if present.status not in (Status.IMPLEMENTATION, Status.REVIEW):
        raise Refused(_("This is confirmed when the change is carried out."))
    if present.items_updated_at is None:
        write(present, at=at, changes={"items_updated_at": at})
        _tell(present, "items", by=by, at=at)
    return cast(Change, refresh_copy(change, present))


def find_caused(now: datetime) -> int:
    """Look for incidents that the changes of the review period may have caused; how many are new.

    Again, or after a person has dismissed one: nothing.
    """
    recent = Change.objects.filter(actual_start__gt=now - REVIEW_PERIOD - timedelta(days=2))
    count = 0
    for change in recent.select_related("service").order_by("pk"):
        known = set(change.suspects.values_list("incident_id", flat=True))
        linked = set(
            change.links_in.filter(type=LinkType.CAUSED_BY).values_list("source", flat=True)
        )
        new = [one for one in suspects_of(change) if one.incident.pk not in known | linked]
        made = CausedIncident.objects.bulk_create(
            [
                CausedIncident(
                    change=change, incident_id=one.incident.pk, why=one.why, found_at=now
                )
                for one in new
            ],
            ignore_conflicts=True,
        )
        count += len(made)
    return count


@transaction.atomic
def accept_caused(suspect: CausedIncident, *, by: User, at: datetime) -> CausedIncident:
    """The change did cause it: they are linked, and the change cannot stay successful (`CHG-9`)."""
    present = _open_suspect(suspect, by)
    tickets.link(present.incident, present.change, LinkType.CAUSED_BY, by=by, at=at)
    caused(present.change, at=at)
    return _settle(present, CausedIncident.State.ACCEPTED, by=by, at=at)


@transaction.atomic
def dismiss_caused(suspect: CausedIncident, *, by: User, at: datetime) -> CausedIncident:
    """It has nothing to do with the change; it is not proposed again."""
    present = _open_suspect(suspect, by)
    return _settle(present, CausedIncident.State.DISMISSED, by=by, at=at)


@transaction.atomic
def caused(change: Change, *, at: datetime) -> bool:
    """An incident names the change as its cause: the question of its outcome is open again
    (`CHG-9`). True when that is news.
    """
    present = cast(Change, locked(change))
    if present.caused_incident or not present.actual_start:
        return False
    changes: dict[str, Any] = {"caused_incident": True}
    ended = present.actual_end or present.actual_start
    if present.outcome == Outcome.SUCCESSFUL and at < ended + REVIEW_PERIOD:
        changes["outcome"] = Outcome.SUCCESSFUL_WITH_ISSUES
    write(present, at=at, changes=changes)
    _tell(present, "caused", by=None, at=at, outcome=present.outcome)
    return True


@transaction.atomic
def announce(
    change: Change,
    *,
    by: User,
    at: datetime,
    title: str,
    effect: str,
    services: Iterable[Service],
    starts_at: datetime,
    ends_at: datetime,
) -> Announcement:
    """Tell the users of some services what they will notice, and when (`CHG-8`)."""
    present = cast(Change, locked(change))
    ensure(permissions.may_manage(by, present), _("Change managers announce changes."))
    if present.status not in (Status.SCHEDULED, Status.IMPLEMENTATION):
        raise Refused(_("A change is announced once it is scheduled."))
    chosen = list(services)
    if not title.strip():
        raise MissingValue("title", _("Say in a few words what is planned."))
    if not effect.strip():
        raise MissingValue("effect", _("Say what people will notice."))
    if not chosen:
        raise MissingValue("services", _("Choose whose users are told."))
    if ends_at <= starts_at:
        raise MissingValue("ends_at", _("The end must be after the start."))
    made, _is_new = Announcement.objects.update_or_create(
        change=present,
        defaults={
            "title": title.strip(),
            "effect": effect.strip(),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "published_at": at,
            "published_by": by,
            "withdrawn_at": None,
        },
    )
    made.services.set(chosen)
    _tell(present, "announced", by=by, at=at, title=made.title)
    return made


@transaction.atomic
def withdraw_announcement(change: Change, *, by: User, at: datetime) -> None:
    """Take it off the portal."""
    present = cast(Change, locked(change))
    ensure(permissions.may_manage(by, present), _("Change managers announce changes."))
    told = Announcement.objects.filter(change=present, withdrawn_at__isnull=True)
    if not told.update(withdrawn_at=at):
        raise Refused(_("%(number)s is not announced.") % {"number": present.number})
    _tell(present, "withdrawn", by=by, at=at)


def _tell(change: Change, what: str, *, by: User | None, at: datetime, **data: Any) -> None:
    told = {"what": what, **{name: str(value) for name, value in data.items()}}
    tickets.record(change, EventKind.CHANGE, by=by, at=at, data=told)


def _open_suspect(suspect: CausedIncident, by: User) -> CausedIncident:
    """The proposal as it is now, with its change locked."""
    present: CausedIncident = CausedIncident.objects.select_related("incident").get(pk=suspect.pk)
    present.change = cast(Change, locked(present.change))
    ensure(permissions.may_review(by, present.change), _("You cannot decide this."))
    if present.state != CausedIncident.State.PROPOSED:
        raise Refused(_("This is decided already."))
    return present


def _settle(suspect: CausedIncident, state: str, *, by: User, at: datetime) -> CausedIncident:
    suspect.state, suspect.decided_by, suspect.decided_at = state, by, at
    suspect.save(update_fields=["state", "decided_by", "decided_at"])
    return suspect
