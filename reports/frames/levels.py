"""What a promise was made for, a priority or a severity, as the database tells it."""

from django.db.models import Case, F, IntegerField, When

from itil.sla.models import Agreement

from .codes import BEHIND_PRIORITIES

# Of clocks: as `codes.level_code` has it, by the scale that the promise was made by.
LEVEL = Case(
    When(target_key=Agreement.TargetKey.SEVERITY, then=F("priority") + BEHIND_PRIORITIES),
    default=F("priority"),
    output_field=IntegerField(),
)
