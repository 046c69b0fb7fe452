"""Putting the demo company into an empty installation."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.search.backends import get_search_backend

from billing.invoices.parse import month_of
from itil.desk.search import index_tickets
from itil.sla import actions as sla
from itil.sla.matching import reading_once
from itil.tickets.models import Ticket, TicketEvent
from knowledgebase.models import ArticlePage, TopicPage
from portal.mailbox.models import Mailbox
from portal.people.models import Organization, User
from portal.selfservice.actions import ensure_home

from .bills import tell_bills, work_at_night
from .catalog import make_catalog
from .changes import tell_changes
from .charged import tell_charges
from .company import Company, address_of, found
from .contracts import make_contracts, make_costs
from .estate import make_estate
from .majors import tell_majors
from .opinions import tell_opinions
from .orders import tell_orders
from .outages import tell_outages
from .problems import tell_problems
from .releases import tell_releases, tell_windows
from .reports import make_reports
from .schedules import tell_schedules
from .stories import Storyteller
from .topics import ARTICLES
from .working import make_working_hours

MONTHS_TOLD = 3
SIGN_INS = (
    ("Employee", address_of("Maria Ortega", "halden.example")),
    ("Agent", address_of("Tom Ekberg", "halden.example")),
    ("Team lead", address_of("Sanne de Wit", "halden.example")),
    ("Manager and billing", address_of("Ingrid Bos", "halden.example")),
    ("Administrator", address_of("Ada Admin", "halden.example")),
    ("Change manager", address_of("Kenji Mori", "halden.example")),
    ("Manager who approves, on the board", address_of("Anna Lind", "halden.example")),
    ("Customer who pays the bills", address_of("Grace Owusu", "brightwater.example")),
    ("Catalog manager", address_of("Kim de Groot", "halden.example")),
    ("Second manager, who confirms", address_of("Lotte Jansen", "halden.example")),
)


def is_seeded() -> bool:
    """Whether there is anybody yet; then nothing is added."""
    return Organization.objects.exists()


@transaction.atomic
def seed(now: datetime | None = None) -> int:
    """Make the company and its history up to `now`; returns the number of tickets."""
    now = (now or timezone.now()).replace(minute=0, second=0, microsecond=0)
    today = timezone.localdate(now)
    month = month_of(today)
    for _count in range(MONTHS_TOLD):
        month = month.before
    company = found()
    make_contracts(company, month.first)
    make_costs(company, month.first)
    make_working_hours(company, month.first, today)
    _answers(company)
    make_catalog(company, now)
    # Nobody edits an agreement while the stories are told.
    with reading_once():
        told = _tell(company, now, month.first)
    _settle(now)
    tell_bills(now, User.objects.get(email=SIGN_INS[3][1]))
    make_reports(now)
    return told


def _tell(company: Company, now: datetime, first_day: date) -> int:
    """Everything that happened from `first_day` on; returns the number of tickets of the desk."""
    storyteller = Storyteller(company, now)
    told = storyteller.tell(first_day)
    maria, tom = (User.objects.get(email=SIGN_INS[place][1]) for place in (0, 1))
    storyteller.tell_now(maria, tom)
    work_at_night(company, now)
    make_estate(company, now)
    tell_orders(now)
    tell_charges(company, now)
    tell_majors(company, now)
    tell_problems(now)
    tell_changes(company, now)
    tell_windows(now)
    tell_releases(now)
    tell_schedules(company, now)
    tell_opinions(now)
    tell_outages(now)
    return told


def _answers(company: Company) -> None:
    home = ensure_home()
    home.help_phone = "+31 20 555 0100"
    home.help_hours = "Monday to Friday 08:00–18:00"
    home.popular_searches = [
        ("search", words) for words in ("Reset password", "VPN", "Guest Wi-Fi", "Printer")
    ]
    home.save_revision().publish()
    answers = home.get_children().get(slug="answers")
    topics: dict[str, TopicPage] = {}
    for position, (topic, title, summary, steps, keywords) in enumerate(ARTICLES):
        if topic not in topics:
            topics[topic] = answers.add_child(instance=TopicPage(title=topic))
        article = ArticlePage(
            title=title,
            summary=summary,
            body=[
                ("steps", [f"<p>{step}</p>" for step in steps]),
                ("paragraph", "<p>Still not working? Report it; we take it from there.</p>"),
            ],
            keywords=keywords,
            audience="public" if position % 2 else "employees",
            checked_on=timezone.localdate() - timedelta(days=20 + 9 * position),
        )
        topics[topic].add_child(instance=article)
        article.save_revision().publish()
    Mailbox.objects.create(
        name="Service desk",
        address="servicedesk@example.org",
        host="127.0.0.1",
        team=company.teams["Service desk"],
        organization=company.provider,
        active=False,
    )


def _settle(now: datetime) -> None:
    """History is nobody's news: no mails; clocks noticed, everything found by search."""
    while any(sla.tick(now).values()):
        pass
    TicketEvent.objects.filter(handled_at__isnull=True).update(handled_at=now)
    index_tickets(Ticket.objects.all())
    get_search_backend().add_bulk(ArticlePage, list(ArticlePage.objects.all()))
