"""The catalog in the Wagtail admin; its pages are edited in the page tree like all pages."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from .actions import VIEWED_AS


@hooks.register("register_log_actions")
def register_looks(actions):
    """Each look through somebody's eyes is a line of that person's history."""

    @actions.register_action(VIEWED_AS)
    class LookFormatter(LogFormatter):
        label = _("View the catalog as this person")

        def format_message(self, log_entry):
            return _now("Looked at the catalog as this person")
