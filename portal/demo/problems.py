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

MANAGER, OWNERS = "Sanne de Wit", ("Aisha Rahman", "Tom Ekberg", "Sanne de Wit")
DOMAIN = "halden.example"
ANALYSE = ("assess", "analyse")
FIX = (*ANALYSE, "fix")
RESOLVE = (*FIX, "resolve")
CLOSE = (*RESOLVE, "close")


@dataclass(frozen=True)
class Case:
    """A problem: when it was opened, how far it came, by what words its incidents are found."""

    title: str
    words: str
    days: int
    steps: tuple[str, ...] = ()
    cause: str = ""
    workaround: str = ""
    is_known_error: bool = False


CASES = (
    Case("Laptops are slow after updates", "Laptop", 40, ANALYSE,
         "The virus scanner reads every file anew after an update.",
         "Leave the laptop on during the lunch break after an update.", is_known_error=True),
    Case("Calendar shows meetings at the wrong hour", "Calendar", 36, FIX,
         "The mail server has an old list of time zones.",
         "Set the time zone of the calendar by hand under Settings.", is_known_error=True),
    Case("Printers print blank pages", "Printer", 33, ANALYSE,
         "The driver of version 4 sends empty pages for large pictures.",
         "Print pictures as a PDF.", is_known_error=True),
    Case("VPN drops after an hour", "VPN", 30, FIX, "It ends after 60 minutes of silence."),
    Case("Password resets do not arrive", "Password", 28, RESOLVE,
         "The mail gateway held them back."),
    Case("Wi-Fi is lost between floors", "Wi-Fi", 27, CLOSE, "Two access points share a channel."),
    Case("Shared folders cannot be opened", "folder", 24, CLOSE, "A licence had ended."),
    Case("Mail is delayed at the end of the month", "mail", 21, ANALYSE),
    Case("Phones ring once and stop", "phone", 18, ("assess",)),
    Case("Screens stay black in meeting rooms", "screen", 15, ("assess",)),
    Case("Export of reports stops", "report", 12, (*ANALYSE, "accept_risk"),
         "The old server has too little memory."),
    Case("Doors do not open with new badges", "badge", 9, ("assess", "cancel")),
    Case("Backups of laptops end early", "backup", 6),
    Case("Slow sign-in on Monday mornings", "sign", 4),
    Case("Guest Wi-Fi codes run out", "guest", 2),
)  # fmt: skip


def tell_problems(now: datetime) -> int:
    """Tell all of them up to `now`; returns how many."""
    manager = User.objects.get(email=address_of(MANAGER, DOMAIN))
    Membership.objects.get_or_create(user=manager, role=Role.PROBLEM_MANAGER, team=None)
    manager = User.objects.get(pk=manager.pk)
    service = Service.objects.filter(active=True).order_by("pk").first()
    if service is not None and service.owner_id is None:
        service.owner = manager
        service.save(update_fields=["owner"])
    for place, case in enumerate(CASES):
        owner = User.objects.get(email=address_of(OWNERS[place % len(OWNERS)], DOMAIN))
        _tell(case, manager, owner, service, now)
    return len(CASES)


def _tell(
    case: Case, manager: User, owner: User, service: Service | None, now: datetime
) -> Problem:
    at = now - timedelta(days=case.days)
    incidents = Ticket.objects.visible_to(manager).filter(
        kind="incident", title__icontains=case.words, merged_into__isnull=True
    )
    problem = actions.open_problem(
        by=manager,
        title=case.title,
        symptoms=f"People report: {case.title.lower()}.",
        service=service,
        impact=2,
        urgency=2,
        incidents=list(incidents.order_by("-pk")[:8]),
        at=at,
    )
    desk.assign(problem, owner, by=manager, at=at)
    if case.workaround:
        actions.write_workaround(problem, by=manager, text=case.workaround, at=at)
    for verb in case.steps:
        at = min(at + timedelta(days=1), now)
        actions.move(problem, verb, by=manager, values=_values(case, service, at), at=at)
        if verb == "analyse" and case.is_known_error:
            actions.declare_known_error(problem, by=manager, root_cause=case.cause, at=at)
            event = problem.events.filter(kind=EventKind.PROBLEM).order_by("-pk")[0]
            draft_for_known_error(problem, by=event.actor)
    return problem


def _values(case: Case, service: Service | None, at: datetime) -> dict[str, object]:
    """What any of the steps may need."""
    return {
        "impact": 2,
        "urgency": 2,
        "cancel_reason": "not_a_problem",
        "root_cause": case.cause,
        "fix_plan": "The supplier delivers a corrected version.",
        "service_owner": service.owner if service else None,
        "reason": "The server is replaced in the summer.",
        "review_on": (at + timedelta(days=90)).date(),
        "note": "The correction is in place.",
        "confirmed": True,
    }
