from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from itil.schedules.definition import hand_over


class ChangesConfig(AppConfig):
    name = "itil.changes"
    label = "changes"
    verbose_name = _("Changes")

    def ready(self):
        """Schedules open standard changes through this; models cannot be imported before."""
        form = import_string("itil.changes.forms.scheduling.StandardScheduleForm")
        hand_over(import_string("itil.changes.adapter.StandardOpener")(form))
