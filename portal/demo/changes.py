"""Changes of the demo company at every point of their way."""

from datetime import datetime, timedelta
from typing import Any

from itil.approvals import actions as approvals
from itil.approvals.models import Vote
from itil.changes import actions
from itil.changes.actions.conflicts import acknowledge
from itil.changes.lifecycle import ChangeType, Outcome, Status
from itil.changes.models import Change, ChangeTemplate
from portal.people.models import User

from .boards import (
    Stage,
    hold_meeting,
    make_authorities,
    make_formula,
    make_templates,
    set_stage,
    window_of,
)
from .company import Company
from .past_changes import tell_past

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TOTAL = 60

SMALL = {
    "how-many-people-notice-it-when-it-fails": "A team",
    "has-it-been-done-here-before": "Once or twice",
    "how-long-does-backing-out-take": "Minutes",
}
LARGE = {
    "how-many-people-notice-it-when-it-fails": "Everybody",
    "has-it-been-done-here-before": "Never",
    "how-long-does-backing-out-take": "Hours",
}

# Title, service, how far it has come, in how many days its window is, whether it is large.
COMING = (
    ("Upgrade the firmware of the core switch", "Network and VPN", "authorization", 4, True),
    ("Patch the payroll database", "Payroll", "authorization", 4, True),
    ("Move the file shares to the new storage", "File storage", "authorization", 6, True),
    ("Bigger disks for the shop", "Web shop", "assessment", 9, False),
    ("New numbers for the warehouse", "Telephony", "assessment", 11, False),
    ("Print queue on its own server", "Printing", "assessment", 13, False),
    ("Second line for the video bridge", "Video calls", "scheduled", 2, False),
    ("Route planner: maps of spring", "Transport planning", "scheduled", 3, False),
    ("Mail gateway: rules against phishing", "Mail and calendar", "scheduled", 5, False),
    ("Shop: payment by instant transfer", "Web shop", "scheduled", 7, False),
    ("Scanners: new radio channels", "Warehouse", "scheduled", 8, False),
    ("Switchboard: new greeting", "Telephony", "implementation", 0, False),
    ("File server: larger cache", "File storage", "implementation", 0, False),
    ("Shop: search in two languages", "Web shop", "draft", 14, False),
    ("Payroll: new pension scheme", "Payroll", "draft", 20, False),
    ("VPN: stronger ciphers", "Network and VPN", "hold", 10, False),
    ("Video bridge: another supplier", "Video calls", "cancelled", 12, False),
)


def tell_changes(company: Company, now: datetime) -> None:
    """Boards, rules and templates; then the changes of the last months and of the next weeks."""
    stage = set_stage(company, now)
    make_authorities()
    make_formula(stage)
    templates = make_templates(stage)
    # Beside those told below one by one: two emergencies, one that failed, three standard ones.
    tell_past(stage, TOTAL - len(COMING) - 6)
    for title, service, until, days, is_large in COMING:
        _coming(stage, title, service, until, days, is_large=is_large)
    _emergencies(stage)
    _failed(stage)
    _standard(stage, templates)
    hold_meeting(stage)


def _owner(stage: Stage, service: str) -> tuple[Any, User, User]:
    """The service, who owns its change, and who carries it out."""
    found = stage.company.services[service]
    agents = stage.company.agents[found.team.name]
    return found, agents[0], agents[-1]


def _draft(
    stage: Stage,
    title: str,
    service: str,
    window: tuple[datetime, datetime],
    at: datetime,
    *,
    is_large: bool = False,
    **more: Any,
) -> Change:
    found, owner, _other = _owner(stage, service)
    items = stage.items_of(found.team.name)[: 1 if is_large else 0]
    columns = {
        "reason": f"{title}: what runs today is no longer supported by its maker.",
        "plan": "1. Copy the present state.\n2. Make the change.\n3. Watch it for half an hour.",
        "test_plan": "Sign in, open the start page, run the small test set.",
        "back_out_plan": "Put the copy back. It takes twelve minutes.",
        "communication_plan": "A notice on the portal two days before.",
        "is_back_out_tested": not is_large,
        "risk_answers": LARGE if is_large else SMALL,
        "planned_start": window[0],
        "planned_end": window[1],
        **more.pop("columns", {}),
    }
    return actions.open_change(
        by=owner, title=title, service=found, items=items, columns=columns, at=at, **more
    )


def _agree(change: Change, at: datetime, *, but: User | None = None) -> None:
    """Everybody who is asked agrees, step by step."""
    for _step in range(3):
        waiting = Vote.objects.waiting().filter(step__process__ticket=change.pk)
        for vote in list(waiting.select_related("voter")):
            if Vote.objects.waiting().filter(pk=vote.pk).exists() and vote.voter != but:
                approvals.vote(vote, "approved", by=vote.voter, at=at)
        actions.decided(change, at=at)
        change.refresh_from_db()


def _coming(
    stage: Stage, title: str, service: str, until: str, days: int, *, is_large: bool
) -> Change:
    at = stage.now - 6 * DAY
    _found, owner, _other = _owner(stage, service)
    window = window_of(stage, days)
    if until == "implementation":
        window = stage.now - HOUR, stage.now + 3 * HOUR
    change = _draft(stage, title, service, window, at, is_large=is_large)
    if until in ("hold", "cancelled"):
        verb, reason = ("hold", "The part is late.") if until == "hold" else ("cancel", "Too dear.")
        return actions.move(change, verb, by=owner, values={"reason": reason}, at=at + DAY)
    if until == "draft":
        return change
    actions.move(change, "submit", by=owner, at=at + HOUR)
    if until == "assessment":
        return change
    _agree(change, at + DAY)
    _accept_conflicts(stage, change, at + DAY)
    actions.move(change, "ask_authority", by=stage.manager, at=at + DAY)
    if until == "authorization":
        return change
    _agree(change, at + 2 * DAY)
    if until == "implementation" and change.status == Status.SCHEDULED:
        actions.move(change, "start", by=owner, at=stage.now - HOUR / 2)
    return change


def _accept_conflicts(stage: Stage, change: Change, at: datetime) -> None:
    for conflict in change.conflicts.filter(gone_at__isnull=True, severity="warn"):
        if conflict.acknowledged_at is None:
            acknowledge(conflict, by=stage.manager, note="Both teams know; one waits.", at=at)


def _emergencies(stage: Stage) -> None:
    """One that the board confirmed, and one that nobody confirmed in time."""
    _found, owner, _other = _owner(stage, "Web shop")
    for days, title, confirmed in (
        (9, "Close a hole in the shop", True),
        (5, "Open a port for the warehouse", False),
    ):
        at = stage.now - days * DAY
        change = _draft(
            stage,
            title,
            "Web shop",
            (at, at + 2 * HOUR),
            at,
            change_type=ChangeType.EMERGENCY,
            columns={
                "urgency_reason": "Orders are lost every minute.",
                "security_reason": "The hole is being used already.",
            },
        )
        spoken = {
            "verbal_authoriser": stage.emergency,
            "verbal_at": at,
            "verbal_note": "By telephone: do it now, I tell the others.",
        }
        actions.move(change, "start_unapproved", by=stage.manager, values=spoken, at=at)
        if confirmed:
            _agree(change, at + 3 * HOUR)
        done = {"outcome": Outcome.SUCCESSFUL, "note": "Closed, and looked at twice."}
        actions.move(change, "finish", by=owner, values=done, at=at + HOUR * 4)
    actions.flag_unauthorised(stage.now)


def _failed(stage: Stage) -> None:
    """One that failed, was backed out and reviewed."""
    at = stage.now - 12 * DAY
    _found, owner, _other = _owner(stage, "Mail and calendar")
    change = _draft(
        stage,
        "Mail gateway: new filter",
        "Mail and calendar",
        (at + 3 * DAY, at + 3 * DAY + 2 * HOUR),
        at,
    )
    actions.move(change, "submit", by=owner, at=at)
    _agree(change, at + HOUR)
    _accept_conflicts(stage, change, at + HOUR)
    actions.move(change, "ask_authority", by=stage.manager, at=at + HOUR)
    _agree(change, at + 2 * HOUR)
    if change.status != Status.SCHEDULED:
        return
    start = at + 3 * DAY
    actions.move(change, "start", by=owner, at=start)
    told = {"outcome": Outcome.BACKED_OUT, "note": "Every third mail was held. Put back at 23:10."}
    actions.move(change, "finish", by=owner, values=told, at=start + HOUR)
    actions.write_review(
        change,
        by=stage.manager,
        at=start + DAY,
        outcome=Outcome.BACKED_OUT,
        went_well="Backing out took twelve minutes, as planned.",
        went_wrong="The test set holds no mails with large attachments.",
        lessons="Test with mails of last week, not with a small set.",
        follow_up="The test set is made anew by the end of the month.",
    )
    if not change.item_links.exists():
        actions.move(change, "close", by=stage.manager, at=start + 2 * DAY)


def _standard(stage: Stage, templates: list[ChangeTemplate]) -> None:
    """Standard changes: one that is planned, one that was done, one that suspended its template."""
    owner = stage.company.agents["Network"][0]
    plans = (
        (templates[0], 3, None),
        (templates[1], -4, Outcome.SUCCESSFUL),
        (templates[2], -2, Outcome.FAILED),
    )
    for template, days, outcome in plans:
        start, end = window_of(stage, days, hour=6)
        change = actions.open_standard(
            template,
            by=owner,
            service=stage.company.services["Network and VPN"],
            planned_start=start,
            planned_end=end,
            at=stage.now - 7 * DAY,
        )
        actions.move(change, "book", by=owner, at=stage.now - 7 * DAY)
        if outcome:
            actions.move(change, "start", by=owner, at=start)
            values = {"outcome": outcome, "note": "See the log of the gateway."}
            actions.move(change, "finish", by=owner, values=values, at=start + HOUR)
