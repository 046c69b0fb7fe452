"""An order in one story: a laptop with a monitor, on a telephone, until it is there and rated."""

import re

import pytest
from django.utils import timezone

from catalog.requests.models import ServiceRequest
from itil.approvals.models import PolicyStep, Source
from itil.sla.models import SlaClock
from itil.surveys.models import Rating
from itil.tasks import actions as tasks
from itil.tasks.models import Task
from portal.people.models import Membership, Role, Team
from tests.cast import person
from tests.catalog.requests import orders
from tests.itil.tasks import plans

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.django_db(transaction=True)]

PHONE = 390


def text_of(mail) -> str:
    """The plain part of a received mail."""
    return mail.get_payload(0).get_payload(decode=True).decode()


@pytest.fixture
def counter(company):
    """The laptop: its manager approves it, then the owner of the budget; four tasks of three
    departments. Fay works in facilities, Pia in procurement.
    """
    shelf = orders.counter(company)
    for name, team in (("Fay", "Facilities"), ("Pia", "Procurement")):
        staff = person(name, company.halden)
        group = Team.objects.create(name=team, slug=team.lower())
        Membership.objects.create(user=staff, role=Role.AGENT, team=group)
        setattr(company, name.lower(), staff)
        setattr(company, f"{name.lower()}_team", group)
    PolicyStep.objects.create(
        policy=shelf.policy,
        sort_order=2,
        label="Budget",
        source=Source.PERSON,
        person=company.cleo,
    )
    shelf.laptop.plan = plans.plan(
        company,
        {"key": "buy", "title": "Buy the laptop", "team": company.pia_team},
        {
            "key": "install",
            "title": "Install the laptop",
            "after": "buy",
            "visible_to_requester": True,
        },
        {
            "key": "screen",
            "title": "Put the monitor on the desk",
            "team": company.fay_team,
            "condition_question": "extras",
            "condition_value": "monitor",
        },
        {"key": "hand-over", "title": "Hand it over", "after": "install, screen"},
        name="Laptop with a screen",
    ).plan
    shelf.laptop.save()
    return shelf


def works(staff, key: str) -> None:
    """Somebody does a task, by the verbs; its page is another story."""
    task, at = Task.objects.get(key=key), timezone.now()
    task = tasks.take(task, by=staff, at=at)
    task = tasks.start(task, by=staff, at=at)
    tasks.finish(task, by=staff, at=at)


def test_a_laptop_with_a_monitor_is_ordered_approved_delivered_and_rated(
    company, counter, smtp, turn, visit
):
    # Ann looks into the catalog on her telephone and finds the laptop.
    ann = visit(company.ann, width=PHONE)
    ann.goto("/catalog/")
    ann.get_by_role("link", name="New laptop").first.click()
    ann.get_by_label("Creator 14").check()
    ann.get_by_label("Monitor").check()
    tag = ann.get_by_label("Asset tag of the laptop you are returning")
    assert tag.is_hidden()
    ann.get_by_label("Mine needs replacing").check()
    # The price follows while she chooses.
    ann.get_by_text("€2,200.00").wait_for()
    assert ann.get_by_text("Max approves").is_visible()

    # She forgets the tag of the old one, is told so, and sends it.
    ann.get_by_role("button", name="Send request").click()
    assert ann.get_by_text("There is a problem").is_visible()
    assert ann.get_by_label("Creator 14").is_checked()
    tag.fill("HAL-20417")
    ann.get_by_role("button", name="Send request").click()
    ann.get_by_text("Sent. Number REQ-").wait_for()
    assert ann.get_by_text("Max has been asked to approve it.").is_visible()
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")
    turn()

    # Max decides by the link in his mail, without signing in.
    [asked] = [mail for mail in smtp.messages if mail["To"] == company.max.email]
    link = re.search(r"https?://\S+(/approvals/mail/\S+)", text_of(asked))[1]
    stranger = visit(company.dov, width=PHONE)
    stranger.context.clear_cookies()
    stranger.goto(link)
    assert stranger.get_by_text("€2,200.00").is_visible()
    stranger.get_by_role("button", name="Approve").click()
    stranger.wait_for_load_state()
    assert stranger.get_by_role("heading", name="Approved").is_visible()
    turn()

    # Cleo decides on the page; only now she was told of it.
    cleo = visit(company.cleo, width=PHONE)
    cleo.goto("/approvals/")
    cleo.get_by_role("button", name=re.compile("^Approve")).click()
    cleo.wait_for_load_state()
    turn()

    request = ServiceRequest.objects.get()
    assert request.status == "in_fulfilment"
    assert Task.objects.of(request).count() == 4
    assert SlaClock.objects.get(ticket=request, metric="fulfilment").state == "running"

    # Three departments do their parts, and with the last one it is delivered.
    works(company.pia, "buy")
    works(company.fay, "screen")
    ann.reload()
    assert ann.get_by_text("We are getting it ready.").first.is_visible()
    works(company.bo, "install")
    works(company.bo, "hand-over")
    turn()
    delivered = next(mail for mail in reversed(smtp.messages) if mail["To"] == company.ann.email)
    assert "What you ordered is delivered: New laptop." in text_of(delivered)

    # Ann has it, and says how it was.
    ann.reload()
    assert ann.get_by_text("It is delivered. Do you have it?").is_visible()
    with ann.expect_response(re.compile("/rate/")):
        ann.get_by_label("Great").check()
    ann.get_by_role("button", name="I have it").click()
    ann.wait_for_load_state()
    request.refresh_from_db()
    assert request.status == "closed"
    assert Rating.objects.get().score == 5
