"""Problems of the demo company, one or more in every state, told with the real verbs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itil.desk import actions as desk
from itil.problems import actions
from itil.problems.models import Problem
from itil.services.models import Service
from itil.tickets.models import EventKind, Ticket
from knowledgebase.actions import draft_for_known_error
from portal.people.models import Membership, Role, User

from .company import address_of

MANAGER = "Sanne de Wit"
DOMAIN = "halden.example"
ANALYSE = ("assess", "analyse")
FIX = (*ANALYSE, "fix")
RESOLVE = (*FIX, "resolve")
CLOSE = (*RESOLVE, "close")


@dataclass(frozen=True)
class Case:
    """A problem: by what words its incidents are found, in which service, how many days ago it was
    opened, how far it came, how bad it is (impact, urgency).
    """

    title: str
    words: str
    service: str
    days: int
    steps: tuple[str, ...] = ()
    cause: str = ""
    workaround: str = ""
    is_known_error: bool = False
    weight: tuple[int, int] = (2, 3)


CASES = (
    Case("Laptops are slow after updates", "Laptop", "Workplace", 40, ANALYSE,
         "The virus scanner reads every file anew after an update.",
         "Leave the laptop on during the lunch break after an update.", is_known_error=True),
    Case("Calendar shows meetings at the wrong hour", "Calendar", "Mail and calendar", 36, FIX,
         "The mail server has an old list of time zones.",
         "Set the time zone of the calendar by hand under Settings.", is_known_error=True),
    Case("Printers print blank pages", "Printer", "Printing", 33, ANALYSE,
         "The driver of version 4 sends empty pages for large pictures.",
         "Print pictures as a PDF.", is_known_error=True),
    Case("VPN drops after an hour", "VPN", "Network and VPN", 30, FIX,
         "It ends after 60 minutes of silence.", weight=(2, 1)),
    Case("Password resets do not arrive", "Password", "Mail and calendar", 28, RESOLVE,
         "The mail gateway held them back."),
    Case("Wi-Fi is lost between floors", "Wi-Fi", "Network and VPN", 27, CLOSE,
         "Two access points share a channel."),
    Case("Shared folders cannot be opened", "folder", "File storage", 24, CLOSE,
         "A licence had ended."),
    Case("Mail is delayed at the end of the month", "mail", "Mail and calendar", 21, ANALYSE,
         weight=(2, 2)),
    Case("Phones ring once and stop", "phone", "Telephony", 18, ("assess",)),
    Case("Screens stay black in meeting rooms", "screen", "Video calls", 15, ("assess",)),
    Case("Export of reports stops", "report", "Payroll", 12, (*ANALYSE, "accept_risk"),
         "The old server has too little memory."),
    Case("Doors do not open with new badges", "badge", "Building", 9, ("assess", "cancel")),
    Case("Backups of laptops end early", "backup", "Workplace", 6),
    Case("Slow sign-in on Monday mornings", "sign", "Workplace", 4),
    Case("Guest Wi-Fi codes run out", "guest", "Network and VPN", 2),
)  # fmt: skip


def tell_problems(now: datetime) -> int:
    """Tell all of them up to `now`; returns how many."""
    manager = User.objects.get(email=address_of(MANAGER, DOMAIN))
    Membership.objects.get_or_create(user=manager, role=Role.PROBLEM_MANAGER, team=None)
    manager = User.objects.get(pk=manager.pk)
    services = {service.name: service for service in Service.objects.filter(active=True)}
    for place, case in enumerate(CASES):
        _tell(case, manager, place, services[case.service], now)
    actions.find_candidates(now)
    return len(CASES)


def _tell(case: Case, manager: User, place: int, service: Service, now: datetime) -> Problem:
    """The problem goes to its team's people in turn."""
    at = now - timedelta(days=case.days)
    incidents = Ticket.objects.visible_to(manager).filter(
        kind="incident", title__icontains=case.words, merged_into__isnull=True
    )
    # What was reported later is linked when it comes in.
    incidents = sorted(incidents.order_by("-pk")[:8], key=lambda one: one.received_at)
    known = [one for one in incidents if one.received_at <= at]
    problem = actions.open_problem(
        by=manager,
        title=case.title,
        symptoms=f"People report: {case.title.lower()}.",
        service=service,
        impact=case.weight[0],
        urgency=case.weight[1],
        incidents=known,
        at=at,
    )
    for later in incidents[len(known) :]:
        actions.link_incidents(problem, [later], by=manager, at=later.received_at)
    staff = User.objects.filter(memberships__team=problem.team).order_by("pk").distinct()
    desk.assign(problem, staff[place % staff.count()], by=manager, at=at)
    if case.workaround:
        actions.write_workaround(problem, by=manager, text=case.workaround, at=at)
    for verb in case.steps:
        at = min(at + timedelta(days=1), now)
        values = _values(case, at) | {"service_owner": service.owner or manager}
        actions.move(problem, verb, by=manager, values=values, at=at)
        if verb == "analyse" and case.is_known_error:
            actions.declare_known_error(problem, by=manager, root_cause=case.cause, at=at)
            event = problem.events.filter(kind=EventKind.PROBLEM).order_by("-pk")[0]
            draft_for_known_error(problem, by=event.actor)
    return problem


def _values(case: Case, at: datetime) -> dict[str, object]:
    """What any of the steps may need."""
    return {
        "impact": case.weight[0],
        "urgency": case.weight[1],
        "cancel_reason": "not_a_problem",
        "root_cause": case.cause,
        "fix_plan": "The supplier delivers a corrected version.",
        "reason": "The server is replaced in the summer.",
        "review_on": (at + timedelta(days=90)).date(),
        "note": "The correction is in place.",
        "confirmed": True,
    }
