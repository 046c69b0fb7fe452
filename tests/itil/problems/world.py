"""Problems as stories need them, made with the real verbs."""

from datetime import timedelta

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.models import Problem
from itil.tickets.models import TicketEvent, TicketLink
from portal.people.models import Membership, Role, User
from tests import cast as people
from tests.cast import MONDAY, Cast

CAUSE = {"root_cause": "Export files are kept for 90 days.", "fix_plan": "Keep them for 7 days."}
ASSESSED = {"impact": 2, "urgency": 2}


def manager(cast: Cast) -> User:
    """Petra answers for all problems; made once."""
    petra = User.objects.filter(name="Petra").first()
    if petra is None:
        petra = people.person("Petra", cast.halden)
        Membership.objects.create(user=petra, role=Role.PROBLEM_MANAGER)
    return petra


def problem(cast: Cast, **changes) -> Problem:
    """Bo opens it for the service desk, about mail, which Mia owns; Bo is its owner."""
    service = cast.mail_service
    if service.owner_id is None:
        service.owner = cast.mia
        service.save()
    by = changes.pop("by", cast.bo)
    found = actions.open_problem(
        **{
            "by": by,
            "title": "Servers run out of disk at month end",
            "service": service,
            "at": MONDAY,
        }
        | changes
    )
    return desk.assign(found, cast.bo, by=manager(cast), at=MONDAY)


def accept_values(cast: Cast, at=MONDAY) -> dict:
    return {
        "service_owner": cast.mia,
        "reason": "The new system comes in June.",
        "review_on": (at + timedelta(days=30)).date(),
    }


def values_of(cast: Cast, verb: str) -> dict:
    """What each step needs."""
    return {
        "analyse": ASSESSED,
        "cancel": {"cancel_reason": "not_a_problem"},
        "fix": CAUSE,
        "accept_risk": accept_values(cast),
        "fix_failed": {"note": "The disk filled up again."},
        "resolve": {"note": "Files are kept for 7 days."},
        "close": {"confirmed": True},
        "reanalyse": {"note": "It happened again last night."},
    }.get(verb, {})


PATHS = {
    "new": (),
    "assessment": ("assess",),
    "root_cause_analysis": ("assess", "analyse"),
    "fix_in_progress": ("assess", "analyse", "fix"),
    "resolved": ("assess", "analyse", "fix", "resolve"),
    "closed": ("assess", "analyse", "fix", "resolve", "close"),
    "cancelled": ("assess", "cancel"),
}


def problem_in(cast: Cast, status: str, **changes) -> Problem:
    """The same, walked to `status` by its manager."""
    found = problem(cast, **changes)
    for verb in PATHS[status]:
        actions.move(found, verb, by=manager(cast), values=values_of(cast, verb), at=MONDAY)
    assert found.status == status
    return found


def state_of(problem: Problem) -> tuple:
    """All that a refusal must leave as it was."""
    return (
        Problem.objects.filter(pk=problem.pk).values().get(),
        TicketEvent.objects.count(),
        TicketLink.objects.count(),
    )
