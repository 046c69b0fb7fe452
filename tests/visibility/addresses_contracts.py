"""Addresses of contracts, rates, prepaid blocks, charges and the approval of time."""

from collections.abc import Mapping
from typing import Any

from . import matrix
from .about import WORKS, Address, form, key_of, number_of, of_ticket, sets
from .matrix import names
from .world import World

CLERK = names("bea")
CONTRACT = {
    "name": "Support",
    "number": "C-new",
    "valid_from": "2020-01-01",
    "active": "on",
    "currency": "EUR",
    "default_hourly_rate": "100",
    "out_of_hours_multiplier": "1.5",
    "holiday_multiplier": "2",
    "call_out_multiplier": "1.5",
    "rounding_increment": "15",
    "rounding_mode": "up",
    "rounding_scope": "entry",
    "minimum_minutes": "0",
    "grouping": "customer",
    "payment_terms_days": "30",
    "e_invoice": "pdf",
    "credit_unit": "amount",
    "vat_category": "S",
    "vat_rate": "19",
}


def of_contract(**fields: Any) -> Address:
    """A verb on the contract: clerks only."""
    return Address(
        "contract",
        key_of("contract", "uuid"),
        {"globex": CLERK},
        {"globex": CLERK},
        witness=("bea", "globex"),
        **{"is_open": True} | fields,
    )


def of_charge(record: str, **fields: Any) -> Address:
    return Address(
        "charge",
        key_of("charge", "uuid"),
        {record: CLERK},
        {record: CLERK},
        witness=("bea", record),
        **fields,
    )


def new(values: Any) -> Address:
    """A page on which clerks make something."""
    return Address(
        "new",
        lambda _world, _name: (),
        {"new": CLERK},
        {"new": CLERK},
        values=values,
        witness=("bea", "new"),
        is_open=True,
    )


def contract_of(customer: str, **more: str) -> Any:
    def values(world: World, _name: str) -> dict[str, Any]:
        return {**CONTRACT, "organization": getattr(world.cast, customer).pk, **more}

    return values


def row_of(kind: str) -> Mapping[str, Any]:
    """A row of the price list that is taken away by a button."""
    return {
        "kind": kind,
        "arguments": key_of(kind, "pk"),
        "opens": {"globex": CLERK},
        "acts": {"globex": CLERK},
        "witness": ("bea", "globex"),
    }


def row_of_contract(kind: str) -> Address:
    """A row of a contract that is taken away by a button."""
    return Address(
        "contract",
        lambda world, name: (world.things["contract"][name].uuid, world.things[kind][name].pk),
        {"globex": CLERK},
        {"globex": CLERK},
        witness=("bea", "globex"),
    )


OF_CONTRACTS = {
    "contracts:detail": Address(
        "contract", key_of("contract", "uuid"), sets(matrix.CONTRACTS), is_open=True
    ),
    "contracts:coverage": Address(
        "ticket",
        number_of,
        {name: names(rights.desk) for name, rights in matrix.TICKETS.items()},
        is_open=True,
    ),
    "contracts:new": new(contract_of("acme")),
    "contracts:edit": of_contract(values=contract_of("globex", number="C-Globex")),
    "contracts:add_rate": of_contract(values=form(hourly_rate="140", valid_from="2026-04-01")),
    "contracts:drop_rate": row_of_contract("rate"),
    "contracts:add_kilometre": of_contract(values=form(price="0.45", valid_from="2026-04-01")),
    "contracts:drop_kilometre": row_of_contract("kilometre"),
    "contracts:add_part": of_contract(values=form(name="Fan", unit="C62", unit_price="9")),
    "contracts:drop_part": row_of_contract("part"),
    "contracts:material": of_ticket(is_open=True),
    "contracts:use_material": of_ticket(
        WORKS,
        values=form(description="Fan", quantity="1", unit_price="9", on="2026-03-02"),
        witness=("ned", "router"),
        is_open=True,
    ),
    "contracts:remove_material": Address(
        "charge",
        key_of("charge", "uuid"),
        {"material": names("ned bea")},
        {"material": names("ned bea")},
        values=form(reason="Mistake"),
        witness=("ned", "material"),
        is_open=True,
    ),
    "contracts:sell": of_contract(
        values=form(
            name="Ten hours",
            hours="10",
            price="950",
            valid_from="2026-03-01",
            valid_to="2026-12-31",
        )
    ),
    "contracts:retainer": of_contract(
        values=form(name="Care", hours="10", price="950", first_month="2026-03", keeps_months="1")
    ),
    "contracts:new_rate": new(form(hourly_rate="90", currency="EUR", valid_from="2026-04-01")),
    "contracts:remove_rate": Address(**row_of("general_rate")),
    "contracts:new_role": new(
        lambda world, _name: {"person": world.cast.bo.pk, "role": "Consultant"}
    ),
    "contracts:remove_role": Address(**row_of("billing_role")),
    "contracts:new_charge": new(
        lambda world, _name: {
            "contract": world.things["contract"]["globex"].pk,
            "on": "2026-03-02",
            "kind": "item",
            "description": "Cable",
            "quantity": "1",
            "unit": "C62",
            "unit_price": "10",
        }
    ),
    "contracts:charge": Address(
        "charge", key_of("charge", "uuid"), sets(matrix.CHARGES), is_open=True
    ),
    "contracts:accept": of_charge("proposed"),
    "contracts:reject": of_charge("proposed", values=form(reason="Not agreed"), is_open=True),
    "contracts:write_off": of_charge("due", values=form(reason="Goodwill"), is_open=True),
}
