"""What the pages of one step of a life cycle have in common, whatever the type of the record."""

from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from itil.tickets.lifecycle import Move


class StepPage:
    """The step that the URL names: its words, and what is said after it.

    A verb that leads nowhere from the present status has a page all the same: calling it says why.
    """

    @cached_property
    def row(self) -> Move:
        verb, record = self.kwargs["verb"], self.record
        known = record.lifecycle.find(verb, record.status) or next(
            (row for row in record.record_model.LIFECYCLE.moves if row.verb == verb), None
        )
        if known is None:
            raise Http404
        return known

    @property
    def title(self) -> str:
        return str(self.row.label).rstrip("…") or _("Step")

    @property
    def button(self) -> str:
        return self.title

    def get_success_message(self, result) -> str:
        return _("%(number)s is now “%(status)s”.") % {
            "number": self.record.number,
            "status": self.record.status_label,
        }
