"""A real browser for the tests of all apps: one of it in a process, as its driver wants it."""

import os

import pytest
from playwright.sync_api import sync_playwright

from portal.selfservice.actions import ensure_home

from .cast import PASSWORD, assemble
from .pages import plant_root

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


@pytest.fixture
def company(transactional_db):
    """The cast, with a home page to land on."""
    plant_root()
    ensure_home()
    return assemble()


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
