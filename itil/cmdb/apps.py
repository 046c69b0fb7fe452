from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from itil.fields.definition.choosing import hand_over


class CmdbConfig(AppConfig):
    name = "itil.cmdb"
    verbose_name = _("Configuration items")

    def ready(self):
        """Forms find their items here; models cannot be imported before."""
        hand_over(import_string("itil.cmdb.answers.ItemChooser")())
