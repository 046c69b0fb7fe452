"""Naming a stand-in on the own page (`APP-6`)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portal.people.models import Delegation
from tests.cast import person

URL = "/me/stand-ins/"


@pytest.fixture
def ben(cast):
    """A colleague of Ann."""
    return person("Ben", cast.acme)


def given(ben, **changes):
    tomorrow = timezone.now().date() + timedelta(days=1)
    return {
        "who": ben.email,
        "first_day": f"{tomorrow}",
        "last_day": f"{tomorrow + timedelta(days=2)}",
        "kinds": ["approvals"],
    } | changes


def test_a_stand_in_is_named_by_address_or_name_for_whole_days_of_the_own_zone(
    signed_in, cast, ben
):
    client = signed_in(cast.ann)
    days = {"first_day": "2099-07-01", "last_day": "2099-07-03"}
    for who in (ben.email.upper(), " ben "):
        response = client.post(URL, given(ben, who=who, **days))
        assert (response.status_code, response.url) == (303, "/me/#stand-in")
    first, second = Delegation.objects.order_by("pk")
    assert (first.delegator, first.delegate, second.delegate) == (cast.ann, ben, ben)
    # Midnight in Berlin, in summer.
    assert first.starts_at == datetime(2099, 6, 30, 22, tzinfo=UTC)
    assert first.ends_at == datetime(2099, 7, 3, 22, tzinfo=UTC)
    assert first.includes_confidential is False
    assert "Ben" in client.get("/me/").content.decode()
    assert "You stand in for Ann" in signed_in(ben).get("/me/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"who": ""}, "Enter who stands in for you."),
        ({"who": "Nobody Special"}, "Nobody of that name"),
        ({"who": "ann@acme.example"}, "somebody else than yourself"),
        ({"who": "dov@globex.example"}, "Nobody of that name"),
        ({"last_day": "2020-01-01"}, "Choose today or a later day."),
        ({"first_day": "2099-01-02", "last_day": "2099-01-01"}, "lies before the first one"),
        ({"first_day": "soon"}, "valid date"),
        ({"kinds": []}, "Choose at least one."),
        ({"kinds": ["approvals", "tasks"]}, "Ben does not work at the service desk"),
    ],
)
def test_what_cannot_be_is_refused_and_kept_as_typed(signed_in, cast, ben, wrong, text):
    response = signed_in(cast.ann).post(URL, given(ben, includes_confidential="on", **wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert text in page
    assert 'name="includes_confidential"' in page
    assert response.context["stand_in_form"]["who"].value() == wrong.get("who", ben.email)
    assert not Delegation.objects.exists()


def test_a_stand_in_takes_over_what_was_chosen(signed_in, cast):
    given_kinds = ["tasks", "mail_copies"]
    ned = given(cast.ned, kinds=given_kinds, who=cast.ned.email)
    assert signed_in(cast.bo).post(URL, ned).status_code == 303
    made = Delegation.objects.get()
    assert (made.approvals, made.tasks, made.mail_copies) == (False, True, True)
    page = signed_in(cast.bo).get("/me/").content.decode()
    assert "Tasks</span>" in page
    assert "Copies of mails</span>" in page


def test_of_two_people_with_one_name_the_address_decides(signed_in, cast, ben):
    twin = person("Ben2", cast.acme)
    twin.name = "Ben"
    twin.save()
    response = signed_in(cast.ann).post(URL, given(ben, who="Ben"))
    assert "Several people have that name" in response.content.decode()
    assert not Delegation.objects.exists()


def test_who_left_cannot_stand_in(signed_in, cast, ben):
    ben.is_active = False
    ben.save()
    assert signed_in(cast.ann).post(URL, given(ben)).status_code == 422


def test_only_the_own_stand_in_can_be_ended(signed_in, cast, ben):
    signed_in(cast.ann).post(URL, given(ben))
    url = f"{URL}{Delegation.objects.get().pk}/end/"
    assert signed_in(ben).post(url).status_code == 404
    assert Delegation.objects.count() == 1
    client = signed_in(cast.ann)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 303
    assert not Delegation.objects.exists()


def test_without_signing_in_nobody_is_named(client, cast, ben):
    assert client.post(URL, given(ben)).status_code == 302
    assert not Delegation.objects.exists()
