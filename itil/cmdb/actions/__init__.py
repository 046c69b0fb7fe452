"""What can be done to items: each verb is atomic and leaves an event."""

from .editing import create_item, edit_item
from .importing import carry_out, try_import
from .labelling import label_items, label_places, revoke_label, revoke_place_label
from .moving import hand_over, move_item, retire, take_back
from .relating import relate, unrelate

__all__ = [
    "carry_out",
    "create_item",
    "edit_item",
    "hand_over",
    "label_items",
    "label_places",
    "move_item",
    "relate",
    "retire",
    "revoke_label",
    "revoke_place_label",
    "take_back",
    "try_import",
    "unrelate",
]
