import pytest
from django.contrib.messages import get_messages

from portal.people.models import Organization

LIST = """{% extends "ui/desk.html" %}{% block content %}{% include "part.html" %}{% endblock %}"""
PART = """<div id="list">{% include "ui/_view_tabs.html" %}{% include "ui/_filters.html" %}
<table>{% include "ui/_table_head.html" %}{% for row in rows %}<tr><td>{{ row }}</td></tr>
{% endfor %}</table>{% include "ui/_pagination.html" %}</div>"""
FORM = """{% include "ui/_form_errors.html" %}{% include "ui/_field.html" with field=form.name %}"""


@pytest.fixture(autouse=True)
def _small_site(settings, cast):
    settings.ROOT_URLCONF = "tests.portal.ui.site"
    templates = {
        "whole.html": LIST,
        "part.html": PART,
        "form.html": FORM,
        "record.html": "{{ record }}",
    }
    engine = settings.TEMPLATES[0]
    options = {key: value for key, value in engine["OPTIONS"].items() if key != "loaders"}
    options["loaders"] = [
        ("django.template.loaders.locmem.Loader", templates),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]


def names(response):
    return [row.name for row in response.context["rows"]]


def test_a_list_stands_in_its_order(cast, signed_in):
    assert names(signed_in(cast.bo).get("/organizations/")) == ["Acme", "Globex", "Halden"]


def test_a_known_column_turns_the_order(cast, signed_in):
    response = signed_in(cast.bo).get("/organizations/?sort=-name")
    assert names(response) == ["Halden", "Globex", "Acme"]
    assert [cell.aria_sort for cell in response.context["columns"]] == ["descending", "", ""]


@pytest.mark.parametrize("sort", ["parent__name", "pk", "-", "name,kind"])
def test_an_order_that_no_column_names_is_ignored(cast, signed_in, sort):
    response = signed_in(cast.bo).get("/organizations/", {"sort": sort})
    assert names(response) == ["Acme", "Globex", "Halden"]


def test_a_filter_narrows_the_list_and_shows_as_a_chip(cast, signed_in):
    response = signed_in(cast.bo).get("/organizations/?kind=provider&sort=-name")
    assert names(response) == ["Halden"]
    (chip,) = response.context["chips"]
    assert (chip.label, chip.value, chip.remove_url) == ("Kind", "Our company", "?sort=-name")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_queries_for_one_row_and_for_three(
    cast, signed_in, django_assert_num_queries, rows
):
    keep = Organization.objects.order_by("name")[:rows].values_list("pk", flat=True)
    Organization.objects.exclude(pk__in=list(keep)).update(active=False)
    client = signed_in(cast.bo)
    # Session, person, duties; count, rows.
    with django_assert_num_queries(5):
        response = client.get("/organizations/?active=true")
    assert len(names(response)) == rows


def test_htmx_gets_the_list_without_its_frame(cast, signed_in):
    client = signed_in(cast.bo)
    whole = client.get("/organizations/")
    part = client.get("/organizations/", headers={"HX-Request": "true", "HX-Target": "list"})
    assert (b"<html" in whole.content, b"<html" in part.content) == (True, False)
    assert "HX-Request" in part["Vary"]


def test_a_file_has_all_rows_and_the_same_order(cast, signed_in):
    response = signed_in(cast.bo).get("/organizations/?format=csv&sort=-name")
    assert response["Content-Disposition"] == 'attachment; filename="organizations.csv"'
    assert response.getvalue().decode("utf-8-sig").splitlines() == [
        "Name,Kind,Part of",
        "Halden,Our company,",
        "Globex,Customer,",
        "Acme,Customer,",
    ]


def test_a_cell_that_looks_like_a_formula_is_only_text(cast, signed_in):
    Organization.objects.filter(name="Acme").update(name="=1+1")
    body = signed_in(cast.bo).get("/organizations/?format=csv").getvalue().decode()
    assert "'=1+1,Customer," in body


def test_a_page_for_a_duty_does_not_exist_for_others(cast, signed_in):
    assert signed_in(cast.ann).get("/organizations/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client):
    response = client.get("/organizations/")
    assert (response.status_code, response["Location"]) == (
        302,
        "/account/login/?next=/organizations/",
    )


def test_a_record_is_shown_to_who_may_see_it(cast, signed_in):
    response = signed_in(cast.ann).get(f"/organizations/{cast.acme.uuid}/")
    assert response.content == b"Acme"


def test_a_record_that_is_not_yours_answers_like_one_that_is_not_there(cast, signed_in):
    client = signed_in(cast.dov)
    assert client.get(f"/organizations/{cast.acme.uuid}/").status_code == 404
    assert client.get("/organizations/00000000-0000-0000-0000-000000000000/").status_code == 404


def rename(cast, signed_in, name, **headers):
    return signed_in(cast.bo).post(
        f"/organizations/{cast.acme.uuid}/rename/", {"name": name}, headers=headers
    )


def test_an_action_says_what_it_did_and_goes_on(cast, signed_in):
    response = rename(cast, signed_in, "Acme & Sons")
    assert (response.status_code, response["Location"]) == (303, "/organizations/")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Renamed."]
    cast.acme.refresh_from_db()
    assert cast.acme.name == "Acme & Sons"


def test_an_action_of_htmx_sends_the_whole_page_on(cast, signed_in):
    response = rename(cast, signed_in, "Acme & Sons", **{"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (200, "/organizations/")


def test_a_wrong_form_comes_back_with_422(cast, signed_in):
    response = rename(cast, signed_in, "")
    assert response.status_code == 422
    assert b'<a href="#id_name">Name: This field is required.</a>' in response.content


def test_a_refusal_comes_back_with_409_and_what_was_typed(cast, signed_in):
    response = rename(cast, signed_in, "Taken")
    assert response.status_code == 409
    page = response.content.decode()
    assert 'value="Taken"' in page
    assert "Another organization has this name." in page
    cast.acme.refresh_from_db()
    assert cast.acme.name == "Acme"


def test_a_refusal_without_a_form_becomes_a_message(cast, signed_in):
    response = signed_in(cast.bo).post(f"/organizations/{cast.acme.uuid}/toggle/")
    assert (response.status_code, response["Location"]) == (303, "/organizations/")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Not today."]


def test_an_action_on_a_record_of_others_is_not_there(cast, signed_in):
    response = signed_in(cast.dov).post(
        f"/organizations/{cast.acme.uuid}/rename/", {"name": "Mine"}
    )
    assert response.status_code == 404
    cast.acme.refresh_from_db()
    assert cast.acme.name == "Acme"


def test_an_action_without_a_form_cannot_be_read(cast, signed_in):
    assert signed_in(cast.bo).get(f"/organizations/{cast.acme.uuid}/toggle/").status_code == 405
