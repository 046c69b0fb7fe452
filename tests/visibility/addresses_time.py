"""The addresses about entries of time."""

from typing import Any

from . import matrix
from .about import Address, form, key_of, sets
from .matrix import names
from .world import World


def of_entry(acts: str, **fields: Any) -> Address:
    """A page about time that waits for approval, and about a secret one that a rule approved."""
    table = {"printer": names(acts), "salary": frozenset()}
    return Address("entry", key_of("entry", "uuid"), sets(matrix.ENTRIES), table, **fields)


def corrected(world: World, name: str) -> dict[str, Any]:
    return {
        "ticket": world.tickets[name].number,
        "minutes": "0:25",
        "work_date": "2026-03-02",
        "activity": world.cast.activity.pk,
        "billing_kind": "non_billable",
        "reason": "Misread",
        "version": 1,
    }


WHY = form(reason="A mistake")
OF_TIME = {
    "desk:entry": Address("entry", key_of("entry", "uuid"), sets(matrix.ENTRIES), is_open=True),
    "desk:entry_correct": Address(
        "entry",
        key_of("entry", "uuid"),
        {"printer": names("bo cleo"), "salary": names("bo")},
        {"printer": names("bo cleo"), "salary": names("bo")},
        values=corrected,
        witness=("bo", "printer"),
    ),
    "desk:entry_submit": of_entry("", unproven="It was handed in already."),
    "desk:entry_approve": of_entry("cleo", witness=("cleo", "printer")),
    "desk:entry_reject": of_entry("cleo", values=WHY, witness=("cleo", "printer")),
    "desk:entry_reopen": of_entry("bo cleo", values=WHY, witness=("bo", "printer")),
    "desk:entry_write_off": of_entry("cleo bea", values=WHY, witness=("bea", "printer")),
    "desk:entry_remove": Address(
        "entry",
        key_of("entry", "uuid"),
        sets(matrix.ENTRIES),
        {"printer": names("bo cleo"), "salary": names("bo")},
        values=WHY,
        witness=("bo", "printer"),
    ),
}
