"""Every main page, looked at by axe: wide and narrow, light and dark (WCAG 2.2 AA)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from billing.estimates import actions as estimates
from billing.invoices import actions as invoices
from itil.desk import actions as desk
from itil.schedules.actions import run_now
from itil.surveys.actions import ask, rate
from itil.tickets.models import Category
from portal.people.models import Location
from tests import make
from tests.axe import complaints, keyboard_complaints
from tests.billing.estimates import make as offers
from tests.billing.invoices import bills
from tests.catalog.offerings import shop
from tests.itil.schedules import world as calendar
from tests.knowledgebase import shelf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    company.entry = desk.log_time(
        ticket,
        by=company.bo,
        minutes=30,
        activity=company.activity,
        work_date=date.fromordinal(timezone.localdate().toordinal() - 1),
    )
    desk.start_timer(ticket, by=company.bo, activity=company.activity, at=opened)
    solved = make.resolved_incident(company, at=opened)
    company.survey = ask(solved, person=company.ann, mail_key="", at=opened)
    rate(solved, by=company.ann, score=2, comment="It came back.", at=opened)
    company.ticket, company.waiting, company.solved = ticket, waiting, solved
    Location.objects.create(organization=company.acme, name="Hall 2")
    company.schedule = calendar.schedule(company, at=opened)
    run_now(company.schedule, by=company.cleo, at=opened)
    company.fay, company.bill = bills.contact(company.acme), bills.issued(company)
    address = invoices.make_link(company.bill, by=company.bea, at=now)[1]
    company.bill_link = address.partition("/billing")[2]
    company.dispute = bills.disputed(company.bill)
    company.estimate, company.sent_estimate = (
        offers.draft(company, ticket=one, at=now) for one in (ticket, waiting)
    )
    fay = company.fay
    fay.can_approve_cost = True
    fay.save()
    estimates.send(company.sent_estimate, to=fay, by=company.bea, at=now)
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
            "/desk/time/calendar/",
            "/desk/time/entries/?view=mine",
            "/desk/time/book/",
            "/desk/time/import/",
            f"/desk/time/entries/{world.entry.uuid}/",
            f"/desk/time/entries/{world.entry.uuid}/correct/",
            f"/desk/tickets/{number}/timer/stop/",
            "/desk/items/labels/places/",
        ],
        world.cleo: [
            "/desk/schedules/",
            world.schedule.get_absolute_url(),
            f"{world.schedule.get_absolute_url()}edit/",
            f"{world.schedule.get_absolute_url()}run/",
            "/desk/schedules/new/",
            "/desk/schedules/new/check/",
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
        world.fay: [
            "/billing/invoices/mine/",
            f"/billing/invoices/mine/{world.bill.uuid}/",
            f"/billing/invoices/mine/{world.bill.uuid}/lines/1/",
            f"/billing/invoices/mine/{world.bill.uuid}/question/",
            f"/billing{world.bill_link}",
            f"/billing{world.bill_link}question/",
            "/billing/invoices/link/nothing/",
            "/billing/estimates/mine/",
            f"/billing/estimates/{world.sent_estimate.uuid}/reply/",
        ],
        world.bea: [
            "/billing/invoices/",
            world.bill.get_absolute_url(),
            f"{world.bill.get_absolute_url()}send/",
            f"{world.bill.get_absolute_url()}disputes/{world.dispute.uuid}/",
            "/billing/invoices/send/?month=2026-04",
            "/billing/invoices/unbilled/",
            "/billing/invoices/write-offs/",
            "/billing/invoices/ageing/",
            f"/billing/invoices/accounts/{world.acme.uuid}/",
            "/billing/invoices/bank/",
            "/billing/invoices/bank/files/new/",
            "/billing/invoices/confirmations/",
            "/billing/invoices/payments/",
            "/billing/invoices/payments/new/",
            "/billing/invoices/reminders/",
            "/billing/invoices/runs/",
            "/billing/contracts/",
            world.bill.contract.get_absolute_url(),
            f"{world.bill.contract.get_absolute_url()}edit/",
            "/billing/estimates/?view=all",
            "/billing/estimates/accuracy/",
            world.estimate.get_absolute_url(),
            f"{world.estimate.get_absolute_url()}edit/",
            f"{world.estimate.get_absolute_url()}send/",
        ],
    }


@pytest.mark.parametrize("people", ["ann root", "bo", "cleo", "mia bea", "fay"])
def test_no_page_keeps_anybody_out(world, visit, people):
    said = []
    for name in people.split():
        person = getattr(world, name)
        page = visit(person)
        for path in pages_of(world)[person]:
            said += complaints(page, path)

    assert said == []


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("ann", ["/", "/requests/", "/requests/new/?q=vpn", "/catalog/", "/me/"]),
        ("bo", ["/desk/tickets/", "/desk/tickets/{number}/", "/desk/incidents/new/"]),
        ("cleo", ["/desk/schedules/", "/desk/schedules/new/check/"]),
    ],
)
def test_the_tab_key_reaches_everything_and_shows_where_it_is(world, visit, name, paths):
    page = visit(getattr(world, name))
    said = []
    for path in paths:
        said += keyboard_complaints(page, path.format(number=world.ticket.number))

    assert said == []


@pytest.mark.parametrize(("name", "path"), [("ann", "/requests/"), ("bo", "/desk/tickets/")])
def test_the_account_menu_closes_with_escape_and_gives_the_focus_back(world, visit, name, path):
    page = visit(getattr(world, name))
    page.goto(path)
    menu = page.locator("details.acct").last
    menu.locator("summary").press("Enter")
    assert menu.evaluate("menu => menu.open")

    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    assert not menu.evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.matches('details.acct > summary')")
