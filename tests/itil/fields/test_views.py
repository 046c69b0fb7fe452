"""Whom a form offers while a name is typed."""

import pytest
from django.urls import reverse

from tests.cast import person


def found(client, typed):
    response = client.get(reverse("fields:people"), {"name": "q-who", "q-who": typed})
    return response.content.decode()


def test_people_are_found_by_the_beginning_of_name_and_address(cast, signed_in):
    client = signed_in(cast.cleo)
    assert 'value="ann@acme.example"' in found(client, "AN")
    assert "Ann, Acme" in found(client, "ann@")
    assert found(client, "").strip() == ""


def test_people_of_others_are_not_found(cast, signed_in):
    assert "dov@" not in found(signed_in(cast.ann), "do")


def test_visitors_are_sent_to_sign_in(client):
    assert client.get(reverse("fields:people")).status_code == 302


def test_odd_input_finds_nobody(cast, signed_in):
    client = signed_in(cast.ann)
    assert client.get(reverse("fields:people")).status_code == 200
    assert found(client, "a\x00").strip() != "x"


@pytest.mark.parametrize("count", [1, 15])
def test_at_most_ten_people_and_as_many_statements_whatever_the_data(
    cast, signed_in, django_assert_max_num_queries, count
):
    for number in range(count):
        person(f"Zoe{number}", cast.acme)
    client = signed_in(cast.ann)
    with django_assert_max_num_queries(4):
        page = found(client, "zoe")
    assert page.count("<option") == min(count, 10)
