"""What people type about items."""

from .importing import UploadForm
from .items import HandOverForm, ItemForm, NewItemForm, NoteForm
from .relating import RelateForm

__all__ = [
    "HandOverForm",
    "ItemForm",
    "NewItemForm",
    "NoteForm",
    "RelateForm",
    "UploadForm",
]
