"""What goes over the line: a first visit below 200 kB, every later page below 30 kB."""

import gzip
import re
from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders

from tests import make
from tests.cast import MONDAY
from tests.catalog.offerings import shop
from tests.catalog.requests import orders

FIRST_VISIT, LATER_PAGE = 200_000, 30_000
STATIC = re.compile(r"""(?:href|src)=["']/static/([^"'#?]+)""")
# What a browser fetches for a page in a language of Western Europe.
FONT = "inter/inter-latin-wght-normal.woff2"
ROWS = 30


@pytest.fixture
def pages(cast):
    """Who looks at what, with full lists."""
    shelf = orders.counter(cast)
    for number in range(12):
        shop.item(f"Thing {number}, to be ordered", price=10)
    for number in range(ROWS):
        make.incident(cast, title=f"Mail {number} does not arrive since this morning")
        orders.sent(shelf, at=MONDAY + timedelta(minutes=number))
    return [
        (cast.ann, "/catalog/"),
        (cast.ann, shelf.laptop.get_url()),
        (cast.ann, "/requests/"),
        (cast.max, "/approvals/"),
        (cast.bo, "/desk/tickets/?view=all"),
    ]


def sizes(client, person, path: str) -> tuple[int, int]:
    """Bytes of the page, and of all that a browser loads that was never here before."""
    client.force_login(person)
    response = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert (response.status_code, response["Content-Encoding"]) == (200, "gzip")
    own = len(response.content)
    parts = {FONT, *STATIC.findall(gzip.decompress(response.content).decode())}
    return own, own + sum(transferred(name) for name in parts)


def transferred(name: str) -> int:
    """Bytes of a static file as WhiteNoise sends it."""
    with open(finders.find(name), "rb") as file:
        content = file.read()
    return len(content) if name.endswith("woff2") else len(gzip.compress(content, 9))


def test_pages_are_small_enough_for_a_telephone(client, pages):
    found = {path: sizes(client, person, path) for person, path in pages}

    too_large = {
        path: size
        for path, size in found.items()
        if size[0] >= LATER_PAGE or size[1] >= FIRST_VISIT
    }
    assert too_large == {}


def test_a_browser_that_knows_no_compression_gets_the_page_as_it_is(client, cast):
    response = client.get("/account/login/", headers={"Accept-Encoding": "identity"})

    assert not response.has_header("Content-Encoding")
    assert "Accept-Encoding" in response["Vary"]


def test_the_length_of_a_page_varies_so_that_it_tells_nothing(client, cast):
    lengths = {
        len(client.get("/account/login/", headers={"Accept-Encoding": "gzip"}).content)
        for _visit in range(8)
    }

    assert len(lengths) > 1
