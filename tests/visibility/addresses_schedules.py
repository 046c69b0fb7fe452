"""The addresses of schedules, as in addresses.py."""

from typing import Any

from . import matrix
from .about import Address, form, key_of, sets
from .matrix import names
from .telling import NOW
from .world import World

KEEPERS = names("root cleo pam chad")
SEEN, KEPT = sets(matrix.SCHEDULES), sets(matrix.SCHEDULES_KEPT)


def described(world: World, name: str) -> dict[str, Any]:
    """What the form of a schedule sends: every second Friday."""
    return {
        "title": "Every second Friday",
        "frequency": "WEEKLY",
        "every": 2,
        "weekdays": [4],
        "at_time": "09:00",
        "time_zone": "Europe/Berlin",
        "first_on": "2026-03-02",
        "off_days": "open",
        "missed": "none",
        "grace_hours": 4,
        "owner": world.people["hal" if name == "leavers" else "cleo"].pk,
        "opens_title": "Rounds",
        "opens_text": "Look around.",
        "opens_team": (world.cast.hr_team if name == "leavers" else world.cast.desk_team).pk,
        "opens_impact": 3,
        "opens_urgency": 2,
        "version": 1,
    }


def of_schedule(**fields: Any) -> Address:
    return Address("schedule", key_of("schedule", "pk"), fields.pop("opens", SEEN), **fields)


OF_SCHEDULES = {
    "schedules:schedule": of_schedule(is_open=True),
    "schedules:link": of_schedule(is_open=True),
    "schedules:edit": of_schedule(
        opens=KEPT, acts=KEPT, values=described, witness=("cleo", "rounds"), is_open=True
    ),
    "schedules:switch": of_schedule(
        opens=KEPT, acts=KEPT, values=form(on=0, version=1), witness=("cleo", "rounds")
    ),
    "schedules:run": of_schedule(
        opens=KEPT,
        acts=KEPT,
        values=form(asked_at=f"{NOW:%Y-%m-%dT%H:%M:%S.%f%z}"),
        witness=("cleo", "rounds"),
        is_open=True,
    ),
    "schedules:choose": Address("new", lambda _world, _name: (), {"new": KEEPERS}, is_open=True),
    "schedules:new": Address(
        "new",
        lambda _world, _name: ("check",),
        {"new": names("root cleo")},
        {"new": names("root cleo")},
        values=described,
        witness=("cleo", "new"),
        is_open=True,
    ),
}
