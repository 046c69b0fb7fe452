"""The pages of orders."""

from .cart import Cart, RemoveFromCart
from .changing import ChangeRequest, OrderAgain, SendBack
from .drafts import DiscardDraft, OpenDraft
from .ordering import KeepOrder, OrderPage
from .reading import BundlePage
from .retyping import ToIncident, ToRequest

__all__ = [
    "BundlePage",
    "Cart",
    "ChangeRequest",
    "DiscardDraft",
    "KeepOrder",
    "OpenDraft",
    "OrderAgain",
    "OrderPage",
    "RemoveFromCart",
    "SendBack",
    "ToIncident",
    "ToRequest",
]
