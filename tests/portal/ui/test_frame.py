"""What every page promises, whoever looks at it."""

import re

import pytest
from django.template.loader import render_to_string

ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|url\(["']?(?:https?:)?//""")


def pages(cast, signed_in, client):
    """One page of each frame, as text."""
    yield client.get("/account/login/").content.decode()
    yield client.get("/account/password/reset/").content.decode()
    for person in (cast.ann, cast.bo):
        yield signed_in(person).get("/me/").content.decode()


def test_nothing_is_loaded_from_elsewhere(cast, signed_in, client):
    assert [ELSEWHERE.findall(page) for page in pages(cast, signed_in, client)] == [[], [], [], []]


def test_the_style_sheet_loads_nothing_from_elsewhere(settings):
    sheet = (settings.BASE_DIR / "portal/ui/static/ui/app.css").read_text()
    assert ELSEWHERE.findall(sheet) == []
    assert sorted(set(re.findall(r'url\("([^"]+)"\)', sheet))) == [
        "../inter/inter-cyrillic-wght-normal.woff2",
        "../inter/inter-latin-ext-wght-normal.woff2",
        "../inter/inter-latin-wght-normal.woff2",
    ]


def test_the_content_security_policy_allows_own_files_only(client, db):
    policy = client.get("/account/login/")["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'self'"
    assert re.fullmatch(r"'self' 'nonce-[\w+/=-]+'", parts["script-src"])
    assert "unsafe" not in parts["script-src"] + parts["style-src"]


def test_the_nonce_of_the_policy_is_that_of_the_scripts(client, db):
    response = client.get("/account/login/")
    (nonce,) = set(re.findall(r'<script[^>]* nonce="([^"]+)"', response.content.decode()))
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]


def test_a_page_belongs_to_a_language_and_has_one_heading(cast, signed_in, client):
    for page in pages(cast, signed_in, client):
        assert '<html lang="en-gb" dir="ltr"' in page
        assert page.count("<h1") == 1
        assert '<main id="main"' in page


@pytest.mark.parametrize(("theme", "shown"), [("dark", "dark"), ("light", "light")])
def test_a_chosen_theme_is_in_the_page_before_the_first_paint(cast, signed_in, theme, shown):
    cast.ann.theme = theme
    cast.ann.save()
    page = signed_in(cast.ann).get("/me/").content.decode()
    assert f'data-theme="{shown}" data-bs-theme="{shown}"' in page


def test_a_theme_left_to_the_device_is_set_by_a_file(cast, signed_in):
    page = signed_in(cast.ann).get("/me/").content.decode()
    assert 'data-theme="system"' in page
    assert page.index("ui/theme.js") < page.index("bootstrap.min.css")


def test_staff_are_shown_the_desk_and_others_are_not(cast, signed_in):
    assert 'class="side"' in signed_in(cast.bo).get("/me/").content.decode()
    assert 'class="side"' not in signed_in(cast.ann).get("/me/").content.decode()


def test_a_frame_costs_one_query_for_the_duties(cast, signed_in, django_assert_num_queries):
    client = signed_in(cast.bo)
    # Session, person, duties; of the page the organization, and who stands in for whom.
    with django_assert_num_queries(6):
        client.get("/me/")


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "429.html"])
def test_an_error_page_stands_without_a_person(rf, name):
    page = render_to_string(name, request=rf.get("/nowhere/"))
    assert '<main id="main"' in page


def test_the_page_of_a_fault_needs_nothing_at_all():
    page = render_to_string("500.html")
    assert "Something went wrong" in page
    assert ELSEWHERE.findall(page) == []


def test_an_address_that_is_not_there_answers_404_in_the_house_style(client, db):
    response = client.get("/nowhere/at/all/")
    assert response.status_code == 404
    assert b"This page is not here" in response.content
