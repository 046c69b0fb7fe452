"""Addresses of credit notes, payments, bank statements, reminders and second looks.

'Run, issue, credit, dun' is the clerk's, read by managers; a manager confirms (`c13`).
"""

from uuid import uuid4

from . import matrix
from .about import Address, form, key_of, sets
from .matrix import names

READ = sets({"globex": matrix.INVOICES["globex"]})
CLERK = {"globex": names("bea")}
FILES_READ = sets(dict.fromkeys(("camt", "csv"), matrix.INVOICES["globex"]))


def on_bill(values, **fields):
    """A page of a clerk about an issued invoice."""
    return Address(
        "bill",
        key_of("bill", "uuid"),
        CLERK,
        CLERK,
        values=values,
        witness=("bea", "globex"),
        is_open=True,
        **fields,
    )


def on_payment(values, **fields):
    return Address(
        "payment",
        key_of("payment", "uuid"),
        CLERK,
        CLERK,
        values=values,
        witness=("bea", "globex"),
        is_open=True,
        **fields,
    )


def on_line(name, values):
    return Address(
        "line",
        key_of("line", "uuid"),
        {name: names("bea")},
        {name: names("bea")},
        values=values,
        witness=("bea", name),
    )


def share_form(world, _name):
    return {f"share_{world.things['bill']['globex'].pk}": "1.00"}


OF_COLLECTING = {
    # None was sent.
    "invoices:reminder-pdf": Address("reminder", key_of("reminder", "uuid"), {"globex": names("")}),
    **{
        f"invoices:{syntax}": Address("bill", key_of("bill", "uuid"), READ, is_open=True)
        for syntax in ("cii", "ubl")
    },
    "invoices:account": Address(
        "bill",
        lambda world, name: (world.things["bill"][name].organization.uuid,),
        READ,
        is_open=True,
    ),
    "invoices:account-pdf": Address(
        "bill",
        lambda world, name: (world.things["bill"][name].organization.uuid, "EUR"),
        READ,
        is_open=True,
    ),
    "invoices:payment": Address("payment", key_of("payment", "uuid"), READ, is_open=True),
    "invoices:allocate": on_payment(share_form),
    "invoices:pay-back": on_payment(
        form(key=uuid4(), amount="1.00", paid_on="2026-02-21", reference="")
    ),
    "invoices:reverse": on_payment(form(reason="It bounced.")),
    "invoices:take-off": Address(
        "payment",
        lambda world, name: (
            world.things["payment"][name].uuid,
            world.things["allocation"][name].pk,
        ),
        CLERK,
        CLERK,
        values=form(reason="Another invoice."),
        witness=("bea", "globex"),
        is_open=True,
    ),
    "invoices:credit": on_bill(form(key=uuid4(), scope="rest", time="keep", reason="Not ordered.")),
    "invoices:differ": on_bill(
        form(key=uuid4(), kind="write_off", amount="1.00", reason="Too small.")
    ),
    "invoices:end-difference": Address(
        "bill",
        lambda world, name: (
            world.things["bill"][name].uuid,
            world.things["difference"][name].pk,
        ),
        CLERK,
        CLERK,
        witness=("bea", "globex"),
    ),
    "invoices:hold": on_bill(form(reason="Pays on Friday.")),
    "invoices:lift-hold": Address(
        "bill",
        key_of("bill", "uuid"),
        CLERK,
        CLERK,
        unproven="Nothing is stopped here; tests of dunning lift a stop.",
    ),
    "invoices:void": Address(
        "invoice",
        key_of("invoice", "uuid"),
        CLERK,
        CLERK,
        witness=("bea", "globex"),
        is_open=True,
    ),
    "invoices:entry": on_line("waiting", share_form),
    "invoices:ignore-entry": on_line("waiting", form(reason="Taxes.")),
    "invoices:restore-entry": on_line("aside", form()),
    "invoices:statement": Address(
        "statement", key_of("statement", "uuid"), FILES_READ, is_open=True
    ),
    "invoices:statement-file": Address(
        "statement", key_of("statement", "uuid"), FILES_READ, is_open=True
    ),
    "invoices:statement-columns": Address(
        "statement",
        key_of("statement", "uuid"),
        {"csv": names("bea")},
        {"csv": names("bea")},
        values=form(
            delimiter=",",
            has_head="on",
            booked_on="0",
            date_order="ymd",
            amount="1",
            separator=".",
            currency="EUR",
            payer="2",
        ),
        witness=("bea", "csv"),
        is_open=True,
    ),
    "invoices:decide": Address(
        "confirmation",
        key_of("confirmation", "uuid"),
        {"globex": names("mia")},
        {"globex": names("mia")},
        values=form(decision="confirm", answer=""),
        witness=("mia", "globex"),
        is_open=True,
    ),
}
