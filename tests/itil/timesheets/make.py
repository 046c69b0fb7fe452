"""Small builders; each calls the real verbs."""

from datetime import date

from itil.timesheets import actions
from itil.timesheets.models import EntryState, TimeEntry
from tests import make
from tests.cast import MONDAY, Cast


def entry(cast: Cast, ticket=None, **changes) -> TimeEntry:
    """Bo books half an hour of Monday, without times; a draft unless said otherwise."""
    return actions.add_entry(
        ticket or make.taken_incident(cast),
        **{
            "agent": cast.bo,
            "activity": cast.activity,
            "minutes": 30,
            "work_date": date(2026, 3, 2),
            "state": EntryState.DRAFT,
            "at": MONDAY,
        }
        | changes,
    )


def submitted(cast: Cast, ticket=None, **changes) -> TimeEntry:
    """The same, waiting for approval."""
    return entry(cast, ticket, state=EntryState.SUBMITTED, **changes)


def approved(cast: Cast, ticket=None, **changes) -> TimeEntry:
    """The same, approved by Cleo."""
    (done,) = actions.approve([submitted(cast, ticket, **changes)], by=cast.cleo, at=MONDAY)
    return done


def invoiced(cast: Cast, ticket=None, **changes) -> TimeEntry:
    """The same, on an issued invoice."""
    done = approved(cast, ticket, **changes)
    actions.mark_invoiced([done], by=cast.bea, at=MONDAY)
    done.refresh_from_db()
    return done


def stored(one: TimeEntry) -> TimeEntry:
    return TimeEntry.objects.get(pk=one.pk)
