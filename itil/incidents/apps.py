from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from itil.schedules.definition import hand_over


class IncidentsConfig(AppConfig):
    name = "itil.incidents"
    verbose_name = _("Incidents")

    def ready(self):
        """Schedules open checks through this; models cannot be imported before."""
        form = import_string("itil.incidents.forms.scheduling.CheckForm")
        hand_over(import_string("itil.incidents.adapter.CheckOpener")(form))
