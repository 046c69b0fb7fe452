"""Pages of contracts, charges and the approval of time."""

from .approving import DecideTime, TimeList
from .charges import (
    AcceptCharge,
    ChargeDetail,
    ChargeList,
    NewCharge,
    RejectCharge,
    WriteOffCharge,
)
from .coverage import CoveragePanel
from .editing import Edit, NewContract, NewRate, NewRetainer, RemoveRate, SellBlock
from .listing import ContractList
from .prices import NewGeneralRate, NewRole, PriceList, RemoveGeneral, RemoveRole
from .record import Detail

__all__ = [
    "AcceptCharge",
    "ChargeDetail",
    "ChargeList",
    "ContractList",
    "CoveragePanel",
    "DecideTime",
    "Detail",
    "Edit",
    "NewCharge",
    "NewContract",
    "NewGeneralRate",
    "NewRate",
    "NewRetainer",
    "NewRole",
    "PriceList",
    "RejectCharge",
    "RemoveGeneral",
    "RemoveRate",
    "RemoveRole",
    "SellBlock",
    "TimeList",
    "WriteOffCharge",
]
