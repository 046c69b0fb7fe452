"""Every main page, looked at by axe: wide and narrow, light and dark (WCAG 2.2 AA)."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from itil.desk import actions as desk
from itil.surveys.actions import ask, rate
from itil.tickets.models import Category
from tests import make
from tests.catalog.offerings import shop
from tests.knowledgebase import shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIZES = [(1440, "light"), (1440, "dark"), (390, "light")]


@pytest.fixture
def world(company):
    """Something of everything, seen by somebody."""
    now = timezone.now()
    shelf.article()
    for topic in ("Devices", "Access"):
        category = Category.objects.create(name=topic)
        shop.item(f"Laptop, {topic}", category=category, price=980, delivery_business_days=5)
    opened = now - timedelta(hours=3)
    waiting = make.taken_incident(company, at=opened)
    question = {"hold_reason": "awaiting_requester", "note": "Which address is it?"}
    desk.move(waiting, "hold", by=company.bo, values=question, at=opened)
    ticket = make.taken_incident(company, at=opened)
    desk.reply(ticket, by=company.bo, text="We are on it.", at=opened)
    desk.note(ticket, by=company.bo, text="Looks like the relay.", at=opened)
    desk.log_time(
        ticket,
        by=company.bo,
        minutes=30,
        activity=company.activity,
        work_date=date.fromordinal(timezone.localdate().toordinal() - 1),
    )
    solved = make.resolved_incident(company, at=opened)
    company.survey = ask(solved, person=company.ann, mail_key="", at=opened)
    rate(solved, by=company.ann, score=2, comment="It came back.", at=opened)
    company.ticket, company.waiting, company.solved = ticket, waiting, solved
    return company


def pages_of(world):
    """Who looks at what."""
    number, today = world.ticket.number, timezone.localdate()
    return {
        world.ann: [
            "/",
            "/search/?q=vpn",
            "/answers/",
            "/requests/",
            f"/requests/{number}/",
            "/requests/new/?q=vpn",
            f"/requests/{world.solved.number}/",
            f"/rate/{world.survey.token}/?r=4",
            "/me/",
            "/catalog/",
            "/catalog/it/",
            "/catalog/?q=laptop",
            "/catalog/?q=spaceship",
        ],
        world.root: ["/catalog/view-as/", f"/catalog/view-as/{world.ann.uuid}/it/"],
        world.bo: [
            "/desk/tickets/",
            "/desk/tickets/filter/",
            f"/desk/tickets/{number}/",
            f"/desk/tickets/{number}/move/resolve/",
            f"/desk/tickets/{number}/deadlines/",
            f"/desk/tickets/{number}/time/",
            f"/desk/tickets/{number}/merge/",
            f"/desk/tickets/{number}/merge/?into={world.waiting.number}",
            f"/desk/tickets/{number}/split/{world.ticket.messages.order_by('pk')[0].uuid}/",
            "/desk/incidents/new/",
            "/desk/time/",
        ],
        world.mia: [
            "/reports/",
            "/reports/sla/",
            "/reports/sla/promises/",
            "/reports/sla/unmeasured/",
            "/reports/csat/",
            "/reports/csat/ratings/?from=2020-01-01&to=2024-12-31",
            f"/reports/csat/ratings/?from={today}&to={today}",
            f"/reports/csat/forms/?from={today}&to={today}&outcome=read",
            "/reports/what-if/",
            f"/reports/what-if/?calendar={world.calendar.pk}&target-resolution-4=0:30&waits=on",
        ],
        world.bea: ["/billing/invoices/"],
    }


def complaints(page, path: str) -> list[str]:
    """What axe finds on `path`, and whether it scrolls sideways."""
    page.goto(path)
    page.add_script_tag(path=AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    said = [
        f"{path}: {violation['id']} at {violation['nodes'][0]['target']}"
        for violation in found["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"{path}: scrolls sideways")
    return said


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_no_page_keeps_anybody_out(world, visit, width, scheme):
    said = []
    for person, paths in pages_of(world).items():
        page = visit(person, width=width, scheme=scheme)
        for path in paths:
            said += complaints(page, path)

    assert said == []
