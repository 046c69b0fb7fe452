"""The addresses of changes, their boards, templates and windows, as in addresses.py."""

from collections.abc import Mapping
from typing import Any

from . import matrix
from .about import DESK, Address, Values, form, key_of, number_of, sets
from .addresses_itil import INCIDENTS, OPENERS, moment, of, versioned, without_record
from .matrix import AGENTS, names
from .world import World

of_change = of("change", matrix.CHANGES)
# Members of its board have the sheet of a change, and no forms of the desk.
CHANGE_TEXTS = {name: one.decided_by & DESK[name] for name, one in matrix.CHANGES.items()}
SHEETS = {name: one.decided_by for name, one in matrix.CHANGES.items()}
PLANNED, MANAGED = sets(matrix.CHANGES_PLANNED), sets(matrix.CHANGES_MANAGED)
REVIEWED = sets(matrix.CHANGES_REVIEWED)
of_plans = {"opens": CHANGE_TEXTS}
VOTE = form(decision="approved", reason="")


def plan_form(world: World, name: str) -> dict[str, Any]:
    plans = ("reason", "plan", "test_plan", "back_out_plan")
    window = {"planned_start": moment(1), "planned_end": moment(2)}
    texts = dict.fromkeys(plans, "Another one.")
    return texts | window | {"version": world.tickets[name].version}


def announcement(world: World, _name: str) -> dict[str, Any]:
    return {
        "title": "Work",
        "effect": "Short breaks.",
        "services": [world.cast.mail_service.pk],
        "starts_at": moment(0),
        "ends_at": moment(2),
    }


def template_form(world: World, name: str) -> dict[str, Any]:
    return {
        "name": f"Another {name}",
        "team": world.cast.network_team.pk,
        **dict.fromkeys(("reason", "plan", "test_plan", "back_out_plan"), "As always."),
        "most_issues_percent": 20,
        "board": world.things["board"]["cab"].pk,
        "review_on": "2027-01-01",
        "version": 1,
    }


def window_form(**more: Any) -> Values:
    values = {
        "name": "Quiet",
        "begins_on": "2026-04-01",
        "begins_at": "20:00",
        "ends_on": "2026-04-01",
        "ends_at": "22:00",
        "time_zone": "Europe/Berlin",
    }
    return lambda _world, _name: values | more


def of_template(acts: Mapping[str, str] | None = None, **fields: Any) -> Address:
    table = {name: names((acts or {}).get(name, "")) for name in matrix.TEMPLATES}
    return Address(
        "template",
        key_of("template", "pk"),
        sets(matrix.TEMPLATES),
        None if acts is None else table,
        **fields,
    )


def of_board(acts: Mapping[str, str] | None = None, **fields: Any) -> Address:
    opens, table = sets(acts or matrix.BOARDS), None if acts is None else sets(acts)
    return Address("board", key_of("board", "pk"), opens, table, **fields)


def of_meeting(acts: Mapping[str, str] | None = None, **fields: Any) -> Address:
    return Address(
        "meeting",
        lambda world, name: (world.things["board"][name].pk, world.things["meeting"][name].pk),
        sets(acts or matrix.BOARDS),
        None if acts is None else sets(acts),
        **fields,
    )


def of_window(acts: str | None = None, **fields: Any) -> Address:
    table = None if acts is None else dict.fromkeys(matrix.WINDOWS, names(acts))
    return Address(
        "window",
        lambda world, name: (name, world.things["window"][name].pk),
        sets(matrix.WINDOWS),
        table,
        **fields,
    )


def of_conflict(**fields: Any) -> Address:
    return Address(
        "conflict",
        key_of("conflict", "pk"),
        sets(matrix.CONFLICTS),
        sets(matrix.CONFLICTS),
        values=form(note="They know."),
        **fields,
    )


OF_CHANGES = {
    "changes:new": without_record(
        OPENERS,
        values=form(title="Paint", change_type="normal"),
        witness=("bo", "new"),
    ),
    "changes:new_standard": without_record(
        OPENERS,
        values=lambda world, _name: {"template": world.things["template"]["vaulting"].pk},
        witness=("hal", "new"),
    ),
    "changes:answer": Address(
        "ticket",
        number_of,
        {name: DESK[name] & OPENERS for name in (*INCIDENTS, *matrix.PROBLEMS)},
        {name: DESK[name] & OPENERS for name in (*INCIDENTS, *matrix.PROBLEMS)},
        values=lambda world, name: {
            "title": "Paint",
            "change_type": "normal",
            "answers": world.tickets[name].number,
        },
        witness=("bo", "printer"),
        is_open=True,
    ),
    "changes:sheet": of_change(opens=SHEETS, is_open=True),
    "changes:vote": of_change(
        {name: names("ruth" if name == "switch" else "") for name in matrix.CHANGES},
        opens=SHEETS,
        values=VOTE,
        witness=("ruth", "switch"),
    ),
    "changes:note": of_change(
        sets(matrix.CHANGES_NOTED),
        opens=SHEETS,
        values=form(text="After payroll."),
        witness=("ruth", "switch"),
    ),
    "changes:note_file": Address(
        "note",
        lambda world, name: (
            world.tickets[name].number,
            world.things["note"][name].attachments.get().uuid,
        ),
        {"switch": SHEETS["switch"]},
        is_open=True,
    ),
    "changes:plan": of_change(PLANNED, values=plan_form, witness=("ned", "switch"), **of_plans),
    "changes:move_window": of_change(
        PLANNED,
        values=versioned(planned_start=moment(8), planned_end=moment(9)),
        witness=("ned", "switch"),
        opens=PLANNED,
    ),
    "changes:retype": of_change(
        PLANNED, values=form(change_type="normal"), witness=("ned", "hole"), **of_plans
    ),
    "changes:assess": of_change(PLANNED, witness=("chad", "switch"), **of_plans),
    "changes:review": of_change(
        REVIEWED,
        values=form(outcome="failed", went_wrong="All.", lessons="Look first."),
        witness=("ned", "cable"),
        **of_plans,
    ),
    "changes:confirm_items": of_change(REVIEWED, witness=("ned", "cable"), **of_plans),
    "changes:cause": Address(
        "suspect",
        lambda world, name: (
            world.tickets["cable"].number,
            world.things["suspect"][name].pk,
        ),
        sets(matrix.SUSPECTS),
        sets(matrix.SUSPECTS_DECIDED),
        values=form(do="dismiss"),
        witness=("chad", "printer"),
    ),
    "changes:announce": of_change(
        MANAGED, values=announcement, witness=("chad", "patch"), **of_plans
    ),
    "changes:withdraw": of_change(MANAGED, witness=("chad", "patch"), **of_plans),
    "changes:move": of_change(
        # It is planned for now; Bo carries it out.
        MANAGED | {"patch": names("bo ned chad"), "vault": names("hal")},
        "start",
        witness=("ned", "patch"),
        **of_plans,
    ),
    "changes:propose": without_record(OPENERS, values=template_form, witness=("bo", "new")),
    "changes:template": of_template(is_open=True),
    "changes:edit_template": of_template(
        {"reboot": "ned chad"}, values=template_form, witness=("ned", "reboot")
    ),
    "changes:approve_template": of_template({"reboot": "chad"}, witness=("chad", "reboot")),
    "changes:vote_template": of_template(
        {"reboot": "ruth cat"}, values=VOTE, witness=("ruth", "reboot")
    ),
    "changes:suspend_template": of_template(
        {"vaulting": "chad"}, values=form(note="It breaks."), witness=("chad", "vaulting")
    ),
    "changes:again_template": of_template(
        {"mailbox": f"{AGENTS} pam chad"},
        values=form(review_on="2027-01-01"),
        witness=("bo", "mailbox"),
    ),
    "changes:retire_template": of_template(
        dict.fromkeys(matrix.TEMPLATES, "chad"), witness=("chad", "reboot")
    ),
    "changes:board": of_board(is_open=True),
    "changes:call_meeting": of_board(
        matrix.BOARDS_LED,
        values=form(starts_at=moment(1), votes_until=moment(2)),
        witness=("ruth", "cab"),
    ),
    "changes:meeting": of_meeting(is_open=True),
    "changes:minutes": of_meeting(is_open=True),
    "changes:postpone": of_meeting(
        matrix.BOARDS_LED,
        values=form(starts_at=moment(1), votes_until=moment(2)),
        witness=("ruth", "cab"),
    ),
    "changes:add_item": of_meeting(
        matrix.BOARDS_LED,
        values=lambda world, _name: {"change": world.tickets["hole"].pk},
        witness=("chad", "cab"),
    ),
    "changes:take_minutes": of_meeting(
        matrix.BOARDS_LED, values=form(remarks="Short."), witness=("ruth", "cab")
    ),
    "changes:close_meeting": of_meeting(matrix.BOARDS_LED, witness=("ruth", "cab")),
    "changes:remove_item": Address(
        "agenda",
        lambda world, _name: (
            world.things["board"]["cab"].pk,
            world.things["meeting"]["cab"].pk,
            world.things["agenda"]["switch"].pk,
        ),
        {"switch": names(matrix.BOARDS_LED["cab"])},
        {"switch": names(matrix.BOARDS_LED["cab"])},
        witness=("ruth", "switch"),
    ),
    "changes:window": of_window(
        "chad", values=window_form(version=1), witness=("chad", "freeze"), is_open=True
    ),
    "changes:new_window": without_record(
        names("chad"), "freeze", values=window_form(), witness=("chad", "new")
    ),
    "changes:switch_window": of_window("chad", values=form(version=1), witness=("chad", "freeze")),
    "changes:accept_conflict": of_conflict(witness=("chad", "patch"), is_open=True),
    "changes:exempt": of_conflict(witness=("chad", "hole"), is_open=True),
}
