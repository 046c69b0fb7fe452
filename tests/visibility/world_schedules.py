"""What is opened by the calendar: rounds of the service desk, and a matter of the HR desk."""

from datetime import date, time

from itil.schedules import actions as schedules

from .telling import NOW, World


def build(world: World) -> None:
    """Cleo's, into the queue of her team; Root's, into that of a restricted one."""
    for name, by, owner, team in (
        ("rounds", "cleo", "cleo", world.cast.desk_team),
        ("leavers", "root", "hal", world.cast.hr_team),
    ):
        made = schedules.create_schedule(
            by=world.people[by],
            at=NOW,
            kind="check",
            values={
                "title": f"zq{name}check umbrella",
                "text": f"zq{name}words umbrella",
                "team": team,
                "service": None,
                "category": None,
                "impact": 3,
                "urgency": 2,
                "items": [],
            },
            title=f"zq{name}schedule umbrella",
            rule="FREQ=DAILY",
            first_on=date(2026, 3, 1),
            at_time=time(8),
            time_zone="Europe/Berlin",
            ends_on=None,
            off_days="open",
            calendar=None,
            missed="latest",
            grace_hours=4,
            owner=world.people[owner],
        )
        world.keep("schedule", **{name: made})
