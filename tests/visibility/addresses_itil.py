"""The addresses of problems, changes, releases and major incidents, as in addresses.py."""

from collections.abc import Mapping
from typing import Any

from . import matrix
from .about import CLASSIFY, DESK, Address, Values, either, form, key_of, number_of, sets
from .matrix import AGENTS, TICKETS, names
from .world import World

INCIDENTS = [
    name
    for name in TICKETS
    if name not in {**matrix.PROBLEMS, **matrix.CHANGES, **matrix.RELEASES}
    and name not in ("laptop", "transfer", "badge", "bundled", "bundled_too")
]
Who = Mapping[str, frozenset[str]]
OPENERS = names(f"{AGENTS} pam chad")
# 'Create problem' is `R` of the change manager.
FINDERS = OPENERS - names("chad")
NOBODY: frozenset[str] = frozenset()


def of(kind: str, records: Mapping[str, Any]) -> Any:
    """Makes addresses about these records, which are numbered like tickets."""
    opened = {name: DESK[name] for name in records}

    def address(acts: Who | None = None, *more: Any, opens: Who = opened, **fields: Any) -> Address:
        return Address(
            kind, lambda world, name: number_of(world, name, *more), opens, acts, **fields
        )

    return address


def works(records: Mapping[str, Any]) -> Who:
    return {name: names(TICKETS[name].works) for name in records}


def texts(records: Mapping[str, Any]) -> Who:
    """Who reads what is written in records of the desk."""
    return {name: names(TICKETS[name].notes) for name in records}


def moment(hours: int) -> str:
    """A time of the day of the world as a form takes it, in its zone."""
    return f"2026-03-02T{13 + hours:02}:00"


def versioned(**values: Any) -> Values:
    return lambda world, name: values | {"version": world.tickets[name].version}


def rows(**values: str) -> Values:
    """One row of a form with rows."""
    return versioned(
        **{"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0},
        **{f"rows-0-{name}": value for name, value in values.items()},
    )


def without_record(who: frozenset[str], *path: str, **fields: Any) -> Address:
    """A page that makes something new."""
    return Address(
        "new", lambda _world, _name: path, {"new": who}, {"new": who}, is_open=True, **fields
    )


# --- Problems ---

of_problem = of("problem", matrix.PROBLEMS)
PROBLEM_WORKS, PROBLEM_TEXTS = works(matrix.PROBLEMS), texts(matrix.PROBLEMS)
# 'Known error, workaround publish': `A` of the problem manager.
PROBLEM_MANAGED = {"disk": names("pam"), "rust": names("pam"), "rot": NOBODY}
of_analysis = {"opens": PROBLEM_TEXTS}
WORKAROUND = form(text="Take another printer.")


def published(world: World, _name: str) -> dict[str, Any]:
    shown = ",".join(str(world.tickets[name].pk) for name in ("printer", "router"))
    return {"audience": "public", "shown": shown}


def of_candidate(acts: str = "", **fields: Any) -> Address:
    decided = {"two": names(acts)} if acts else None
    return Address(
        "candidate", key_of("candidate", "pk"), sets(matrix.CANDIDATES), decided, **fields
    )


OF_PROBLEMS = {
    "problems:new": without_record(
        FINDERS, values=form(title="Disks", urgency=2), witness=("bo", "new")
    ),
    "problems:from_incident": Address(
        "ticket",
        number_of,
        {name: DESK[name] & FINDERS for name in INCIDENTS},
    ),
    "problems:problem": of_problem(is_open=True),
    "problems:move": of_problem(
        PROBLEM_MANAGED | {"disk": names("pam bo")},
        "fix",
        values=form(root_cause="Rust.", fix_plan="Paint it."),
        witness=("pam", "disk"),
        **of_analysis,
    ),
    "problems:known_error": of_problem(
        PROBLEM_MANAGED,
        unproven="Disk is one already, and rust is fixed.",
        values=form(root_cause="Rust."),
        **of_analysis,
    ),
    "problems:analysis": of_problem(
        PROBLEM_WORKS,
        values=versioned(symptoms="It squeaks."),
        witness=("bo", "disk"),
        **of_analysis,
    ),
    "problems:whys": of_problem(
        PROBLEM_WORKS,
        values=rows(question="Why?", answer="So."),
        witness=("bo", "disk"),
        **of_analysis,
    ),
    "problems:fishbone": of_problem(
        PROBLEM_WORKS,
        values=rows(branch="people", text="Nobody knew."),
        witness=("bo", "disk"),
        **of_analysis,
    ),
    "problems:review": of_problem(
        PROBLEM_WORKS,
        values=versioned(lessons="Paint earlier."),
        witness=("ned", "rust"),
        **of_analysis,
    ),
    "problems:workaround": of_problem(
        PROBLEM_WORKS, values=WORKAROUND, witness=("bo", "disk"), **of_analysis
    ),
    "problems:publish": of_problem(
        PROBLEM_MANAGED,
        values=published,
        witness=("pam", "disk"),
        opens={"disk": names("pam"), "rust": NOBODY, "rot": NOBODY},
    ),
    "problems:link": of_problem(
        PROBLEM_WORKS,
        values=lambda world, _name: {"incidents": [world.tickets["fire"].pk]},
        witness=("bo", "disk"),
        **of_analysis,
    ),
    "problems:unlink": Address(
        "problem",
        lambda world, name: (
            world.tickets[name].number,
            world.tickets["server" if name == "rust" else "printer"].number,
        ),
        {name: PROBLEM_TEXTS[name] for name in ("disk", "rust")},
        PROBLEM_WORKS,
        witness=("bo", "disk"),
    ),
    "problems:solve": of_problem(
        # Each incident is resolved by who works on it.
        {"disk": NOBODY, "rust": names("ned pam"), "rot": NOBODY},
        values=lambda world, _name: {
            "incidents": [world.tickets["server"].pk],
            "note": "Painted.",
        },
        witness=("ned", "rust"),
        **of_analysis,
    ),
    "problems:candidate": of_candidate(is_open=True),
    "problems:open_from": of_candidate(
        matrix.CANDIDATES_DECIDED["two"], values=form(title="Two"), witness=("bo", "two")
    ),
    "problems:dismiss": of_candidate(
        matrix.CANDIDATES_DECIDED["two"], values=form(reason="Chance."), witness=("bo", "two")
    ),
}


# --- Releases ---

of_release = of("release", matrix.RELEASES)
RELEASE_TEXTS = texts(matrix.RELEASES)
COMPOSED = sets(matrix.RELEASES_PLANNED)
of_scope = {"opens": RELEASE_TEXTS}


def of_part(kind: str, name: str, *more: Any, **fields: Any) -> Address:
    """A group or a deployment of this release."""
    return Address(
        kind,
        lambda world, name: (world.tickets[name].number, world.things[kind][name].pk, *more),
        {name: RELEASE_TEXTS[name]},
        {name: COMPOSED[name]},
        **fields,
    )


OF_RELEASES = {
    "releases:new": without_record(
        names(f"{AGENTS} chad"),
        values=lambda world, _name: {
            "title": "Next",
            "service": world.cast.mail_service.pk,
            "version": "9",
        },
        witness=("bo", "new"),
    ),
    "releases:release": of_release(is_open=True),
    "releases:go": of_release(
        opens={name: names(one.knows) for name, one in matrix.RELEASES.items()}, is_open=True
    ),
    "releases:decide": of_release(
        sets(matrix.RELEASES_DECIDED),
        values=form(is_go="go", note="Tested."),
        witness=("chad", "summer"),
        **of_scope,
    ),
    "releases:move": of_release(COMPOSED, "build", witness=("bo", "spring"), **of_scope),
    "releases:add_change": of_release(
        COMPOSED,
        values=lambda world, _name: {"number": world.tickets["cable"].number},
        witness=("chad", "spring"),
        **of_scope,
    ),
    "releases:remove_change": Address(
        "release",
        lambda world, name: (world.tickets[name].number, world.tickets["switch"].number),
        {"spring": RELEASE_TEXTS["spring"] & DESK["switch"]},
        {"spring": names("chad")},
        witness=("chad", "spring"),
    ),
    "releases:add_wave": of_release(
        COMPOSED,
        values=lambda world, _name: {
            "name": "Rest",
            "start": moment(1),
            "end": moment(2),
            "organizations": [world.cast.halden.pk],
            "environment": "production",
        },
        witness=("bo", "spring"),
        **of_scope,
    ),
    "releases:remove_wave": of_part("wave", "spring", witness=("bo", "spring")),
    "releases:deployment": of_part("deployment", "autumn", "start", witness=("bo", "autumn")),
}

# --- Major incidents ---

of_incident = of("incident", INCIDENTS)
LED = sets(matrix.MAJORS_LED)
MAJOR_TEXTS = texts(INCIDENTS)
of_texts = {"opens": MAJOR_TEXTS}


def roles(world: World, _name: str) -> dict[str, Any]:
    cleo = world.people["cleo"].pk
    return {"owner": cleo, "manager": cleo, "interval_minutes": 45, "announcement": "Patience."}


OF_MAJORS = {
    "incidents:outage": of_incident(
        {name: who for name, who in CLASSIFY.items() if name in INCIDENTS},
        values=versioned(down_from="2026-03-02T10:00"),
        witness=("cleo", "outage"),
    ),
    "incidents:major": of_incident(is_open=True),
    "incidents:propose": of_incident(
        either(works(INCIDENTS), LED), values=form(reason="All."), witness=("bo", "printer")
    ),
    "incidents:accept": of_incident(LED, values=roles, witness=("cleo", "server")),
    "incidents:reject": of_incident(LED, values=form(reason="One."), witness=("cleo", "server")),
    "incidents:demote": of_incident(LED, values=form(reason="One."), witness=("cleo", "outage")),
    "incidents:arrange": of_incident(
        LED,
        values=roles,
        witness=("cleo", "outage"),
        opens={name: DESK[name] if name in ("outage", "fire") else NOBODY for name in INCIDENTS},
    ),
    "incidents:update": of_incident(
        either(works(INCIDENTS), LED, {"outage": names("ned")}),
        values=form(text="Soon."),
        witness=("ned", "outage"),
    ),
    "incidents:review": of_incident(
        LED,
        values=form(what_happened="It burnt.", version=1),
        witness=("cleo", "fire"),
        opens={
            name: MAJOR_TEXTS[name] if name in ("outage", "fire") else NOBODY for name in INCIDENTS
        },
    ),
}
