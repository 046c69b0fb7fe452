import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from portal.outbox.models import OutgoingMail
from tests.cast import PASSWORD

LOGIN = "/account/login/"
RESET = "/account/password/reset/"
NEW_PASSWORD = "a much better battery"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet():
    cache.clear()


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def reset_link(client, person) -> str:
    """The path of the link in the mail that `person` asks for."""
    client.post(RESET, {"email": person.email})
    return re.search(r"https?://[^/\s]+(/\S+)", OutgoingMail.objects.get().text)[1]


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_person_signs_in_by_address_and_password(client, cast):
    response = sign_in(client, cast.ann.email)
    assert (response.status_code, response["Location"]) == (302, "/me/start/")
    assert client.session["_auth_user_id"] == str(cast.ann.pk)


def test_the_case_of_an_address_does_not_matter(client, cast):
    sign_in(client, cast.ann.email.upper())
    assert is_signed_in(client)


def test_after_signing_in_the_page_that_was_asked_for_comes(client, cast):
    response = sign_in(client, cast.ann.email, next="/me/")
    assert response["Location"] == "/me/"


def test_nobody_is_sent_to_another_site(client, cast):
    response = sign_in(client, cast.ann.email, next="https://elsewhere.example/")
    assert response["Location"] == "/me/start/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, cast):
    def errors(email):
        return sign_in(client, email, "wrong").context["form"].non_field_errors()

    assert errors(cast.ann.email) == errors("nobody@acme.example")
    assert not is_signed_in(client)


def test_a_person_who_left_does_not_come_in(client, cast):
    cast.ann.is_active = False
    cast.ann.save()
    sign_in(client, cast.ann.email)
    assert not is_signed_in(client)


def test_someone_without_a_password_does_not_come_in(client, cast):
    cast.ann.set_unusable_password()
    cast.ann.save()
    sign_in(client, cast.ann.email, "")
    assert not is_signed_in(client)


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client, cast):
    for _attempt in range(5):
        sign_in(client, cast.ann.email, "wrong")
    response = sign_in(client, cast.ann.email)
    assert not is_signed_in(client)
    assert b"Too many failed login attempts" in response.content


def test_the_wrong_passwords_of_one_do_not_keep_another_out(client, cast):
    for _attempt in range(5):
        sign_in(client, cast.ann.email, "wrong")
    sign_in(client, cast.bo.email)
    assert is_signed_in(client)


def test_signing_out_asks_first_and_then_ends_the_session(client, cast):
    client.force_login(cast.ann)
    assert b"Sign out?" in client.get("/account/logout/").content
    assert is_signed_in(client)
    response = client.post("/account/logout/")
    assert (response["Location"], is_signed_in(client)) == (LOGIN, False)


def test_a_new_password_is_asked_for_by_mail_through_the_outbox(client, cast, settings):
    response = client.post(RESET, {"email": cast.ann.email})
    assert response["Location"] == "/account/password/reset/done/"
    letter = OutgoingMail.objects.get()
    assert (letter.to, letter.subject) == (cast.ann.email, "Balie: Choose a password")
    assert letter.text.startswith("Hello Ann,")
    assert f"{settings.SITE_URL}/account/password/reset/key/" in letter.text
    assert letter.headers == {"Auto-Submitted": "auto-generated"}
    assert mail.outbox == []


def test_the_link_names_our_site_whatever_host_was_asked(client, cast, settings):
    client.post(RESET, {"email": cast.ann.email}, headers={"host": "evil.example"})
    letter = OutgoingMail.objects.get()
    assert "evil.example" not in letter.text
    assert settings.SITE_URL in letter.text


def test_an_unknown_address_reads_the_same_and_gets_no_mail(client, cast):
    response = client.post(RESET, {"email": "nobody@acme.example"})
    assert response["Location"] == "/account/password/reset/done/"
    assert OutgoingMail.objects.count() == 0


def test_a_person_who_left_gets_no_link(client, cast):
    cast.ann.is_active = False
    cast.ann.save()
    client.post(RESET, {"email": cast.ann.email})
    assert OutgoingMail.objects.count() == 0


def test_asking_again_sends_again(client, cast):
    client.post(RESET, {"email": cast.ann.email})
    client.post(RESET, {"email": cast.ann.email})
    assert OutgoingMail.objects.count() == 2


def test_asking_without_end_is_refused(client, cast):
    answers = [client.post(RESET, {"email": cast.ann.email}).status_code for _time in range(6)]
    assert answers == [302, 302, 302, 302, 302, 429]
    assert OutgoingMail.objects.count() == 5


def test_the_link_sets_a_password_once(client, cast):
    link = reset_link(client, cast.ann)
    form = client.get(link)["Location"]
    response = client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert response["Location"] == "/account/password/reset/key/done/"
    sign_in(client, cast.ann.email, NEW_PASSWORD)
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert b"This link no longer works" in client.get(link, follow=True).content


def test_someone_who_only_wrote_mail_gets_a_password_by_the_link(client, cast):
    cast.ann.set_unusable_password()
    cast.ann.save()
    form = client.get(reset_link(client, cast.ann))["Location"]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    sign_in(client, cast.ann.email, NEW_PASSWORD)
    assert is_signed_in(client)


def test_a_weak_password_is_refused_with_a_reason(client, cast):
    form = client.get(reset_link(client, cast.ann))["Location"]
    response = client.post(form, {"password1": "short", "password2": "short"})
    assert (
        b"This password is too short. It must contain at least 10 characters." in response.content
    )
    cast.ann.refresh_from_db()
    assert cast.ann.check_password(PASSWORD)


def test_a_signed_in_person_changes_the_password(signed_in, cast):
    values = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = signed_in(cast.ann).post("/account/password/change/", values)
    assert response["Location"] == "/me/"
    cast.ann.refresh_from_db()
    assert cast.ann.check_password(NEW_PASSWORD)


def test_changing_the_password_asks_for_the_present_one(signed_in, cast):
    values = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    signed_in(cast.ann).post("/account/password/change/", values)
    cast.ann.refresh_from_db()
    assert cast.ann.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email"])
def test_there_is_no_sign_up_and_no_management_of_addresses(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_admin_has_no_door_of_its_own(client, db):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"] == "/account/login/?next=/admin/"
    assert client.get("/admin/")["Location"] == "/account/login/?next=/admin/"
    assert client.get("/admin/password_reset/")["Location"] == RESET


def test_a_person_who_leaves_loses_the_session_at_once(client, cast):
    client.force_login(cast.ann)
    cast.ann.is_active = False
    cast.ann.save()
    assert client.get("/me/")["Location"] == "/account/login/?next=/me/"
