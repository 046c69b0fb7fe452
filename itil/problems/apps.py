from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from itil.schedules.definition import hand_over


class ProblemsConfig(AppConfig):
    name = "itil.problems"
    verbose_name = _("Problems")

    def ready(self):
        """Schedules open reviews through this; models cannot be imported before."""
        form = import_string("itil.problems.forms.scheduling.ReviewScheduleForm")
        hand_over(import_string("itil.problems.adapter.ReviewOpener")(form))
