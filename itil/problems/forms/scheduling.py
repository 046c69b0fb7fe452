"""What a schedule is asked that opens problems."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from itil.schedules.forms import RecordForm
from itil.tickets.lifecycle import Actor
from itil.tickets.models import Level


class ReviewScheduleForm(RecordForm):
    """A periodical review."""

    managed_by = Actor.PROBLEM_MANAGER

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is to be reviewed?")
        self.fields["urgency"].initial = Level.LOW
