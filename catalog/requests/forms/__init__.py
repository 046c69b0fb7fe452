"""What is filled in to order something, and beside it."""

from .bundling import BundleSheet, LineForm, PersonForm
from .ordering import (
    ME,
    OTHER,
    AsRequestForm,
    CartForm,
    ChangeForm,
    OrderForm,
    SendBackForm,
    ToIncidentForm,
    cannot_order_for,
    read_token,
    shown_token,
)

__all__ = [
    "ME",
    "OTHER",
    "AsRequestForm",
    "BundleSheet",
    "CartForm",
    "ChangeForm",
    "LineForm",
    "OrderForm",
    "PersonForm",
    "SendBackForm",
    "ToIncidentForm",
    "cannot_order_for",
    "read_token",
    "shown_token",
]
