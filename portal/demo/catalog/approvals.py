"""Who has to agree at the demo company before something is delivered."""

from decimal import Decimal

from itil.approvals.models import ApprovalPolicy, PolicyStep, Source

from .desks import Desks

# By name: the steps, each with its name, whom it asks, and above which price.
POLICIES: dict[str, tuple[tuple[str, Source, int | None], ...]] = {
    "Manager": (("Manager", Source.MANAGER, None),),
    "Manager and budget": (
        ("Manager", Source.MANAGER, None),
        ("Budget", Source.COST_CENTRE_OWNER, 500),
    ),
    "Above 250": (("Manager", Source.MANAGER, 250),),
    "Owner": (("Owner", Source.OWNER, None),),
    "Manager and owner": (
        ("Manager", Source.MANAGER, None),
        ("Owner", Source.OWNER, None),
    ),
    "Two managers": (
        ("Manager", Source.MANAGER, None),
        ("Manager of the manager", Source.MANAGERS_MANAGER, 2000),
    ),
}


def make_policies(desks: Desks) -> dict[str, ApprovalPolicy]:
    """All of them, by name; reminders are counted by office hours."""
    made = {}
    for name, steps in POLICIES.items():
        made[name] = ApprovalPolicy.objects.create(name=name, calendar=desks.office_hours)
        for place, (label, source, above) in enumerate(steps):
            PolicyStep.objects.create(
                policy=made[name],
                label=label,
                source=source,
                only_above=None if above is None else Decimal(above),
                sort_order=place,
            )
    return made
