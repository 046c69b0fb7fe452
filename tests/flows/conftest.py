"""A real browser, a real mail server on both ends, and the worker's turns."""

import os

import pytest
from django.utils import timezone
from playwright.sync_api import sync_playwright

from portal.mailbox import actions as mailbox
from portal.mailbox.models import Mailbox
from portal.outbox import actions as outbox
from portal.selfservice.actions import ensure_home
from portal.worker.dispatch import dispatch_events
from tests.cast import PASSWORD, assemble
from tests.pages import plant_root
from tests.servers import ImapServer, SmtpServer

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    # The browser's driver runs an event loop in this thread; the database is used beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def imap():
    server = ImapServer().start()
    yield server
    server.stop()


@pytest.fixture
def smtp(settings):
    server = SmtpServer().start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.fixture
def company(transactional_db):
    """The cast, with a home page to land on."""
    plant_root()
    ensure_home()
    return assemble()


@pytest.fixture
def desk_mailbox(company, imap):
    imap.empty()
    return Mailbox.objects.create(
        name="Service desk",
        address="servicedesk@halden.example",
        team=company.desk_team,
        organization=company.halden,
        **imap.settings(),
    )


@pytest.fixture
def turn(desk_mailbox, smtp):
    """One turn of the worker: fetch, react, send."""

    def take_turn():
        mailbox.poll(desk_mailbox)
        while dispatch_events():
            pass
        outbox.send_due(timezone.now())

    return take_turn


@pytest.fixture
def visit(chromium, live_server):
    """A function that signs a person in and gives the page; closes all of them afterwards."""
    contexts = []

    def sign_in(person, *, width=1440, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=live_server.url,
            # The pages' own policy would keep the tests' scripts out.
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
