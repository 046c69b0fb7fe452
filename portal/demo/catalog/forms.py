"""What the demo company asks of who orders something."""

from datetime import datetime

from itil.fields.actions import compose
from itil.fields.definition import Definition
from itil.fields.models import FieldSet

from .forms_colleagues import COLLEAGUES
from .forms_equipment import EQUIPMENT
from .forms_offices import OFFICES

FORMS: dict[str, Definition] = EQUIPMENT | COLLEAGUES | OFFICES


def make_forms(now: datetime) -> dict[str, FieldSet]:
    """Compose and publish them all, by name."""
    return {name: compose(name, asked, by=None, at=now).field_set for name, asked in FORMS.items()}
