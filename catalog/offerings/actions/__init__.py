"""What is done to the catalog outside its editors' screens."""

from .bundles import faults, questions_of, typed_of
from .editors import EDITORS, keep_editor
from .figures import Deliveries, keep_figures
from .importing import Calendars, Imported, add_offers, calendars_of, reference_of
from .looking import VIEWED_AS, view_as
from .pages import ensure_catalog, publish_scheduled

__all__ = [
    "EDITORS",
    "VIEWED_AS",
    "Calendars",
    "Deliveries",
    "Imported",
    "add_offers",
    "calendars_of",
    "ensure_catalog",
    "faults",
    "keep_editor",
    "keep_figures",
    "publish_scheduled",
    "questions_of",
    "reference_of",
    "typed_of",
    "view_as",
]
