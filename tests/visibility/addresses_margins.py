"""Addresses of what work costs and what contracts bring (`KPI-25`)."""

from typing import Any

from .about import Address, form, key_of
from .matrix import names

KEEPERS = names("mia root")


def new(values: Any) -> Address:
    """A page on which managers and administrators add a rate."""
    return Address(
        "new",
        lambda _world, _name: (),
        {"new": KEEPERS},
        {"new": KEEPERS},
        values=values,
        witness=("mia", "new"),
        is_open=True,
    )


def of_rate(kind: str, **fields: Any) -> Address:
    keepers = {"globex": KEEPERS}
    witness = ("mia", "globex")
    return Address(kind, key_of(kind, "pk"), keepers, keepers, witness=witness, **fields)


OF_MARGINS = {
    "margins:entries": Address(
        "contract", key_of("contract", "uuid", "2026-03"), {"globex": names("mia")}, is_open=True
    ),
    "margins:new-cost": new(form(hourly_cost="46", currency="EUR", valid_from="2026-01-01")),
    "margins:end-cost": of_rate("cost_rate", values=form(on="2026-06-30"), is_open=True),
    "margins:remove-cost": of_rate("cost_rate"),
}
