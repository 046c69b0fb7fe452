from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from .definition.choosing import chooser


class FieldsConfig(AppConfig):
    name = "itil.fields"
    verbose_name = _("Forms")

    def item_classes(self):
        """What editors may limit a question for an item to; blocks cannot import it."""
        return list(chooser().classes())
