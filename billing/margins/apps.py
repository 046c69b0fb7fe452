from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarginsConfig(AppConfig):
    name = "billing.margins"
    verbose_name = _("Margins")
