"""Addresses of what is done with an issued invoice: sent, shown to its customer, disputed."""

from typing import Any
from uuid import uuid4

from . import matrix
from .about import Address, form, key_of, number_of, sets
from .matrix import names
from .world import World


def of_bill(**fields: Any) -> Address:
    """What a clerk does with an invoice that was issued."""
    clerks = sets(matrix.INVOICES_WORKED)
    return Address(
        "invoice", key_of("invoice", "uuid"), clerks, clerks, witness=("bea", "sent"), **fields
    )


def of_own_bill(*more: Any, **fields: Any) -> Address:
    """A page of the customer's own invoices."""
    opens = sets(matrix.OWN_INVOICES)
    return Address("invoice", key_of("invoice", "uuid", *more), opens, **{"is_open": True} | fields)


def link_of(world: World) -> Any:
    return world.things["bill_link"]["sent"]


def dispute_of(world: World) -> Any:
    return world.things["bill_dispute"]["sent"]


OF_BILLS = {
    "invoices:send": of_bill(
        values=form(to="books@globex.example", how="link", key=uuid4()), is_open=True
    ),
    "invoices:make-link": of_bill(),
    "invoices:revoke-link": Address(
        "invoice",
        lambda world, name: (world.things["invoice"][name].uuid, link_of(world).uuid),
        sets(matrix.INVOICES_WORKED),
        sets(matrix.INVOICES_WORKED),
        witness=("bea", "sent"),
    ),
    "invoices:settle": Address(
        "invoice",
        lambda world, name: (world.things["invoice"][name].uuid, dispute_of(world).uuid),
        sets(matrix.INVOICES_WORKED),
        sets(matrix.INVOICES_WORKED),
        values=form(outcome="rejected", answer="It was."),
        witness=("bea", "sent"),
        is_open=True,
    ),
    "invoices:of-charge": Address(
        "charge", key_of("charge", "uuid"), sets(matrix.CHARGES), is_open=True
    ),
    "invoices:of-ticket": Address(
        "ticket",
        number_of,
        # Those who see amounts: the clerk and the manager, and who leads the team.
        {"router": names("bea mia"), "printer": names("mia cleo")},
        is_open=True,
    ),
    "invoices:write-off": Address(
        "entry",
        key_of("entry", "uuid"),
        {"router": names("bea")},
        {"router": names("bea")},
        values=form(reason="Ours."),
        witness=("bea", "router"),
        is_open=True,
    ),
    "invoices:own": of_own_bill(),
    "invoices:own-pdf": of_own_bill(),
    "invoices:own-line": of_own_bill(1),
    # There is none: it was issued before e-invoices were.
    "invoices:own-xml": of_own_bill(is_open=False),
    "invoices:own-question": of_own_bill(
        acts=sets(matrix.OWN_INVOICES),
        values=form(line="", text="Why so much?", key=uuid4()),
        witness=("gil", "sent"),
    ),
}
