"""In which tasks the demo company delivers, across its teams."""

from dataclasses import dataclass
from datetime import datetime

from itil.tasks.actions import publish
from itil.tasks.models import PlanTask, TaskPlan

from .desks import Desks


@dataclass(frozen=True)
class Part:
    """One task: who does it after what, in how many business days from the approval."""

    key: str
    title: str
    team: str
    days: int
    after: str = ""
    shown: bool = False
    checklist: str = ""
    evidence: str = "none"
    # "question=value" of the form; without a value, any answer.
    only_if: str = ""
    answers: str = "*"
    optional: bool = False


PLANS: dict[str, tuple[Part, ...]] = {
    "Laptop": (
        Part("order", "Take the laptop from stock", "Service desk", 1, evidence="text"),
        Part(
            "prepare",
            "Set the laptop up",
            "Service desk",
            3,
            after="order",
            shown=True,
            checklist="Encrypt the disk\nInstall the standard programs\nJoin the device management",
        ),
        Part("book", "Book it on the cost center", "Finance desk", 4, after="order"),
        Part("monitor", "Place the monitor", "Facilities", 4, only_if="extras=monitor", shown=True),
        Part("hand", "Hand it over", "Service desk", 5, after="prepare", shown=True),
    ),
    "Device": (
        Part("stock", "Take it from stock", "Service desk", 1),
        Part("deliver", "Bring it to the desk", "Facilities", 3, after="stock", shown=True),
    ),
    "Access": (
        Part("check", "Check that the person may have it", "Service desk", 1),
        Part("grant", "Grant the access", "Business applications", 1, after="check", shown=True),
    ),
    "Network access": (
        Part("grant", "Open the access", "Network", 1, shown=True, evidence="text"),
    ),
    "Software": (
        Part("licence", "Buy or assign a license", "Finance desk", 2, evidence="text"),
        Part("install", "Install it", "Service desk", 2, after="licence", shown=True),
    ),
    "Account": (
        Part("account", "Create the account", "Service desk", 1, shown=True),
        Part("programs", "Give the programs", "Business applications", 1, after="account"),
    ),
    "Contract": (
        Part("contract", "Prepare the contract", "People services", 2, shown=True),
        Part("payroll", "Enter into payroll", "People services", 3, after="contract"),
    ),
    "Return": (
        Part("collect", "Take the device back", "Service desk", 2, shown=True, evidence="text"),
        Part("erase", "Erase it", "Service desk", 3, after="collect"),
    ),
    "End": (Part("end", "Close the access", "Service desk", 1, shown=True),),
    "People": (
        Part("handle", "Handle the request", "People services", 2, shown=True),
        Part("file", "File it", "People services", 3, after="handle", optional=True),
    ),
    "Finance": (
        Part("check", "Check the papers", "Finance desk", 1),
        Part("pay", "Pay or book it", "Finance desk", 3, after="check", shown=True),
    ),
    "Journey": (
        Part("book", "Book the journey", "Finance desk", 2, shown=True, evidence="file"),
        Part("send", "Send the tickets", "Finance desk", 2, after="book", shown=True),
    ),
    "Facilities": (Part("do", "Do the work", "Facilities", 3, shown=True),),
    "Event": (
        Part("room", "Prepare the room", "Facilities", 1, shown=True),
        Part("catering", "Order the catering", "Facilities", 1, only_if="extras=lunch"),
        Part("sound", "Set up screen and sound", "Service desk", 1, only_if="extras=screen"),
    ),
    "Legal": (
        Part("review", "Review it", "Legal desk", 4),
        Part("answer", "Send the result", "Legal desk", 5, after="review", evidence="file"),
    ),
}


def make_plans(desks: Desks, now: datetime) -> dict[str, TaskPlan]:
    """Enter and publish them all, by name."""
    return {name: _make(name, parts, desks, now) for name, parts in PLANS.items()}


def _make(name: str, parts: tuple[Part, ...], desks: Desks, now: datetime) -> TaskPlan:
    plan = TaskPlan.objects.create(name=name, calendar=desks.office_hours)
    for place, part in enumerate(parts):
        question, _sign, value = part.only_if.partition("=")
        PlanTask.objects.create(
            plan=plan,
            sort_order=place,
            key=part.key,
            title=part.title,
            team=desks.teams[part.team],
            after=part.after,
            due_amount=part.days,
            visible_to_requester=part.shown,
            checklist=part.checklist,
            evidence=part.evidence,
            condition_question=question,
            condition_value=value,
            answers=part.answers,
            is_optional=part.optional,
        )
    plan = TaskPlan.objects.get(pk=plan.pk)
    publish(plan, by=None, at=now)
    return plan
