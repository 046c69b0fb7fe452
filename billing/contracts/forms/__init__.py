"""What clerks enter about contracts, and agents about the material they used."""

from .contracting import (
    ChargeForm,
    ContractForm,
    GeneralRateForm,
    PersonRoleForm,
    RateForm,
    ReasonForm,
)
from .goods import KilometreForm, MaterialForm, PartForm
from .prepaying import BlockForm, RetainerForm

__all__ = [
    "BlockForm",
    "ChargeForm",
    "ContractForm",
    "GeneralRateForm",
    "KilometreForm",
    "MaterialForm",
    "PartForm",
    "PersonRoleForm",
    "RateForm",
    "ReasonForm",
    "RetainerForm",
]
