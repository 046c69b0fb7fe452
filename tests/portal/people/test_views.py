import pytest

from portal.people.models import User


def test_an_employee_lands_on_the_portal(signed_in, cast):
    assert signed_in(cast.ann).get("/me/start/")["Location"] == "/"


@pytest.mark.parametrize("who", ["bo", "cleo", "mia"])
def test_who_works_or_watches_tickets_lands_on_them(signed_in, cast, who):
    response = signed_in(getattr(cast, who)).get("/me/start/")
    assert response["Location"] == "/desk/tickets/"


def test_landing_needs_a_signed_in_person(client, db):
    assert client.get("/me/start/")["Location"] == "/account/login/?next=/me/start/"


def test_own_settings_are_saved_and_shown(signed_in, cast):
    client = signed_in(cast.ann)
    values = {"language": "nl", "time_zone": "Asia/Tokyo", "theme": "dark"}
    response = client.post("/me/", values)
    assert response["Location"] == "/me/"
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.language, stored.time_zone, stored.theme) == ("nl", "Asia/Tokyo", "dark")
    page = client.get("/me/").content.decode()
    assert '<html lang="nl" dir="ltr" data-theme="dark"' in page


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"theme": "purple"}]
)
def test_a_choice_that_does_not_exist_is_refused(signed_in, cast, wrong):
    values = {"language": "nl", "time_zone": "Asia/Tokyo", "theme": "dark"} | wrong
    assert signed_in(cast.ann).post("/me/", values).status_code == 422
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.language, stored.theme) == ("", "system")


def test_name_and_address_are_not_for_oneself_to_change(signed_in, cast):
    signed_in(cast.ann).post("/me/", {"theme": "dark", "name": "Queen", "is_superuser": "on"})
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.theme, stored.name, stored.is_superuser) == ("dark", "Ann", False)
