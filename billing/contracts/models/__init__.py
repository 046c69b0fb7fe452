"""What a customer agreed to pay, what work costs by it, and what was paid in advance."""

from .beside import BesideHours, CreditUnit
from .blocks import BlockUse, BlockWarning, PrepaidBlock, Retainer, Unit
from .charges import Charge, ChargeKind, ChargeState, UnitCode
from .contract import Contract, EInvoice, Grouping, MinimumScope, RoundingMode, RoundingScope
from .events import ContractEvent
from .goods import KilometreRate, PartPrice
from .prices import Coverage, PricedSegment, RateSource, Reason, TimePrice
from .rates import BillingRole, ContractRate, GeneralRate, PersonRole
from .vat import CATEGORIES_WITH_REASON, VatCategory, currency_code

__all__ = [
    "BesideHours",
    "CreditUnit",
    "KilometreRate",
    "PartPrice",
    "CATEGORIES_WITH_REASON",
    "BillingRole",
    "BlockUse",
    "BlockWarning",
    "Charge",
    "ChargeKind",
    "ChargeState",
    "Contract",
    "ContractEvent",
    "ContractRate",
    "Coverage",
    "EInvoice",
    "GeneralRate",
    "Grouping",
    "MinimumScope",
    "PersonRole",
    "PrepaidBlock",
    "PricedSegment",
    "RateSource",
    "Reason",
    "Retainer",
    "RoundingMode",
    "RoundingScope",
    "TimePrice",
    "Unit",
    "UnitCode",
    "VatCategory",
    "currency_code",
]
