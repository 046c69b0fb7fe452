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
from .editing import (
    Edit,
    NewContract,
    NewKilometreRate,
    NewPart,
    NewRate,
    NewRetainer,
    RemovePrice,
    RemoveRate,
    SellBlock,
)
from .listing import ContractList
from .material import MaterialPanel, RemoveMaterial, UseMaterial
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
    "MaterialPanel",
    "NewKilometreRate",
    "NewPart",
    "RemoveMaterial",
    "RemovePrice",
    "UseMaterial",
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
