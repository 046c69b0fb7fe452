"""The pages of orders."""

from .bundling import KeepEntry, OrderEntry
from .cart import Cart, RemoveFromCart
from .changing import ChangeRequest, OrderAgain, SendBack
from .drafts import DiscardDraft, OpenDraft
from .reading import BundlePage
from .retyping import ToIncident, ToRequest

__all__ = [
    "BundlePage",
    "Cart",
    "ChangeRequest",
    "DiscardDraft",
    "KeepEntry",
    "OpenDraft",
    "OrderAgain",
    "OrderEntry",
    "RemoveFromCart",
    "SendBack",
    "ToIncident",
    "ToRequest",
]
