from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailboxConfig(AppConfig):
    name = "portal.mailbox"
    verbose_name = _("Incoming mail")
