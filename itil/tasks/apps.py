from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    name = "itil.tasks"
    verbose_name = _("Tasks")
