"""What can be done with contracts, prices, charges and prepaid blocks."""

from billing.contracts.amounts.months import month_end

from .approving import approve_time, drop_prices, price_approved, price_missing
from .charging import accept, add_charge, reject, write_off
from .contracting import (
    PARTS,
    add_rate,
    add_retainer,
    give_role,
    keep_contract,
    remove_rate,
    take_role,
)
from .goods import add_price, covering, remove_material, remove_price, use_material
from .ordering import charge_order, charge_orders, credit_source, source_of_order, supplied
from .prepaying import (
    drop_uses,
    freeze_uses,
    open_months,
    return_uses,
    sell_block,
    store_uses,
)
from .producing import keep_charge, withdraw_charge
from .travelling import charge_kilometres, charge_missing_kilometres
from .warning import warn_about_blocks

__all__ = [
    "PARTS",
    "accept",
    "add_charge",
    "add_price",
    "covering",
    "remove_material",
    "remove_price",
    "use_material",
    "add_rate",
    "add_retainer",
    "charge_kilometres",
    "charge_missing_kilometres",
    "charge_order",
    "charge_orders",
    "credit_source",
    "source_of_order",
    "supplied",
    "keep_charge",
    "withdraw_charge",
    "approve_time",
    "drop_prices",
    "drop_uses",
    "freeze_uses",
    "give_role",
    "keep_contract",
    "month_end",
    "open_months",
    "price_approved",
    "price_missing",
    "reject",
    "remove_rate",
    "return_uses",
    "sell_block",
    "store_uses",
    "take_role",
    "warn_about_blocks",
    "write_off",
]
