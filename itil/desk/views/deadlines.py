"""Why the deadlines of a ticket are what they are: every clock with its picture and account."""

from dataclasses import dataclass

from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property

from itil.sla import actions as sla
from itil.sla import charts
from itil.sla.clock.explaining import Account
from itil.sla.clock.facts import Facts, facts_of
from itil.sla.clock.telling import Row, rows_of, summary
from portal.ui.pages import DetailPage

from .ticket import TicketRecord

# First what is promised to the customer, then between teams, then by suppliers.
KINDS = ("sla", "ola", "uc")
# What goes on, what is done, what has not begun, what was ended.
STATES = ("running", "paused", "stopped", "waiting", "cancelled")


@dataclass(frozen=True)
class Deadline:
    """One clock as its page shows it."""

    account: Account
    summary: str
    facts: Facts
    rows: list[Row]
    # By the name of the frame; none of a clock that has not started.
    pictures: dict[str, charts.Picture]

    @property
    def key(self) -> str:
        """Names the clock within the page."""
        return str(self.account.clock.pk)


def _place(account: Account) -> tuple[int, int]:
    clock = account.clock
    return KINDS.index(clock.agreement.kind), STATES.index(clock.state)


def shown(account: Account) -> Deadline:
    """The account with its texts and pictures."""
    return Deadline(
        account=account,
        summary=summary(account),
        facts=facts_of(account),
        rows=rows_of(account),
        pictures=charts.pictures(account),
    )


class Deadlines(TicketRecord, DetailPage):
    """All clocks of a ticket; with `?clock=` and htmx one of them, for the panel of the ticket."""

    template_name = "itil/desk/deadlines.html"

    @cached_property
    def now(self):
        """This minute: what is printed adds up without odd seconds of the moment it was asked."""
        return timezone.now().replace(second=0, microsecond=0)

    def get_template_names(self):
        return ["itil/desk/deadlines_one.html"] if self.is_part else [self.template_name]

    @cached_property
    def is_part(self):
        """True for the one clock that the ticket's page asks for."""
        return bool(self.request.htmx and self.request.GET.get("clock"))

    def get_context_data(self, **kwargs):
        ticket = self.record
        deadlines = [shown(account) for account in self.accounts()]
        return super().get_context_data(ticket=ticket, now=self.now, deadlines=deadlines, **kwargs)

    def accounts(self):
        """Those of all clocks, or of the one that is asked for."""
        if not self.is_part:
            return sorted(sla.accounts(self.record, self.now), key=_place)
        found = sla.accounts(self.record, self.now, only=self.request.GET["clock"])
        if not found:
            raise Http404
        return found
