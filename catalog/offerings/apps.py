from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfferingsConfig(AppConfig):
    name = "catalog.offerings"
    verbose_name = _("Service catalog")
