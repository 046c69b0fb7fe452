"""What the demo company has promised, to whom, and what its teams and its carrier promise it."""

from itil.calendars.models import BusinessCalendar, WeeklyOpening
from itil.sla.models import Agreement, EscalationStep, Form, Metric, ServiceTarget
from itil.tickets.models import Priority
from portal.people.models import Organization, Team

HOUR = 3600
ZONE = "Europe/Amsterdam"
# Hours per metric for P1 to P5.
TARGETS = {
    Metric.ACKNOWLEDGE: (0.25, 0.5, 1, 2, 4),
    Metric.FIRST_RESPONSE: (0.5, 1, 2, 4, 8),
    Metric.NEXT_RESPONSE: (1, 2, 4, 8, 16),
    Metric.RESOLUTION: (4, 8, 16, 24, 40),
}
# Hours between two words to the requester, for the priorities that get them.
UPDATES = {1: 2, 2: 8}
TEAM_HOURS = (2, 4, 8, 12, 20)
Action = EscalationStep.Action
STEPS = (
    (75, Metric.RESOLUTION, Action.NOTIFY_ASSIGNEE),
    (90, Metric.RESOLUTION, Action.NOTIFY_LEAD),
    (100, Metric.RESOLUTION, Action.NOTIFY_MANAGER),
    (75, Metric.FIRST_RESPONSE, Action.NOTIFY_LEAD),
)


def make_promises(customer: Organization, network: Team) -> Organization:
    """Make calendars and agreements; returns the supplier that one of them is with.

    `customer` has bought faster answers, `network` promises the other teams its part.
    """
    office, always = _calendars()
    standard = Agreement.objects.create(
        name="Standard", calendar=office, is_default=True, degraded_percent=30
    )
    gold = Agreement.objects.create(
        name="Gold, Brightwater", calendar=office, organization=customer
    )
    _promise(standard, office, share=1.0)
    _promise(gold, always, share=0.5)
    _between_teams(network, office)
    return _with_a_carrier(always)


def _calendars() -> tuple[BusinessCalendar, BusinessCalendar]:
    office = BusinessCalendar.objects.create(
        name="Office hours", time_zone=ZONE, holiday_country="NL"
    )
    WeeklyOpening.objects.bulk_create(
        WeeklyOpening(calendar=office, weekday=day, opens=8 * 60, closes=18 * 60)
        for day in range(5)
    )
    always = BusinessCalendar.objects.create(name="Day and night", time_zone=ZONE, always_open=True)
    return office, always


def _promise(agreement: Agreement, critical: BusinessCalendar, *, share: float) -> None:
    """The targets of an SLA; critical tickets of a faster one are counted by `critical`."""
    rows = {
        (metric, priority): hours * share
        for metric, row in TARGETS.items()
        for priority, hours in enumerate(row, start=1)
    }
    rows |= {(Metric.UPDATE, priority): hours for priority, hours in UPDATES.items()}
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=agreement,
            metric=metric,
            priority=priority,
            seconds=int(hours * HOUR),
            calendar=critical if share < 1 and priority == 1 else None,
        )
        for (metric, priority), hours in rows.items()
    )
    # Orders are due on the day that their item promises.
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=agreement,
            metric=Metric.FULFILMENT,
            priority=priority,
            form=Form.FIXED_INSTANT,
        )
        for priority in Priority
    )
    EscalationStep.objects.bulk_create(
        EscalationStep(
            agreement=agreement,
            percent=percent,
            metric=metric,
            action=action,
            # Nobody is woken for a ticket that is counted in office hours.
            calendar=agreement.calendar,
        )
        for percent, metric, action in STEPS
    )


def _between_teams(network: Team, office: BusinessCalendar) -> None:
    agreement = Agreement.objects.create(
        name="Network for the other teams", kind=Agreement.Kind.OLA, calendar=office, team=network
    )
    ServiceTarget.objects.bulk_create(
        ServiceTarget(
            agreement=agreement,
            metric=Metric.OLA_RESOLUTION,
            priority=priority,
            seconds=hours * HOUR,
        )
        for priority, hours in enumerate(TEAM_HOURS, start=1)
    )


def _with_a_carrier(always: BusinessCalendar) -> Organization:
    carrier = Organization.objects.create(
        name="Northlight Carrier", kind=Organization.Kind.SUPPLIER
    )
    agreement = Agreement.objects.create(
        name="Northlight, lines and logs",
        kind=Agreement.Kind.UC,
        calendar=always,
        supplier=carrier,
    )
    ServiceTarget.objects.bulk_create(
        row
        for priority in range(1, 6)
        for row in (
            ServiceTarget(
                agreement=agreement,
                metric=Metric.UC_RESPONSE,
                priority=priority,
                seconds=4 * HOUR,
            ),
            ServiceTarget(
                agreement=agreement,
                metric=Metric.UC_RESOLUTION,
                priority=priority,
                form=Form.BUSINESS_DAYS,
                days=1 if priority <= 2 else 3,
            ),
        )
    )
    return carrier
