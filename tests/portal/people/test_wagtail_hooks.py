import pytest

from portal.people.models import MailDomain, Membership, User

PERSON = {
    "email": "eve@ACME.example",
    "name": "Eve Adams",
    "phone": "",
    "language": "",
    "time_zone": "",
    "password1": "",
    "password2": "",
}


@pytest.mark.parametrize(
    "path",
    [
        "/admin/users/",
        "/admin/users/new/",
        "/admin/organization/",
        "/admin/organization/new/",
        "/admin/maildomain/",
        "/admin/location/",
        "/admin/team/",
        "/admin/membership/",
    ],
)
def test_an_administrator_opens_every_screen(signed_in, cast, path):
    assert signed_in(cast.root).get(path).status_code == 200


def test_an_agent_has_no_admin(signed_in, cast):
    response = signed_in(cast.bo).get("/admin/users/")
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_an_administrator_makes_a_person_who_has_no_password_yet(signed_in, cast):
    values = PERSON | {"organization": cast.acme.pk}
    signed_in(cast.root).post("/admin/users/new/", values)
    eve = User.objects.get(name="Eve Adams")
    assert (eve.email, eve.organization) == ("eve@acme.example", cast.acme)
    assert not eve.check_password("")


def test_an_address_is_given_once_whatever_its_case(signed_in, cast):
    values = PERSON | {"email": cast.ann.email.upper()}
    assert signed_in(cast.root).post("/admin/users/new/", values).status_code == 200
    assert User.objects.filter(name="Eve Adams").count() == 0


def test_an_administrator_changes_a_person_and_the_password_stays(signed_in, cast):
    values = PERSON | {"email": cast.ann.email, "name": "Ann Akers", "is_active": "on"}
    signed_in(cast.root).post(f"/admin/users/edit/{cast.ann.pk}/", values)
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.name, stored.password) == ("Ann Akers", cast.ann.password)


def test_a_membership_without_its_team_is_refused(signed_in, cast):
    values = {"user": cast.ann.pk, "role": "agent", "team": ""}
    response = signed_in(cast.root).post("/admin/membership/new/", values)
    assert response.status_code == 200
    assert Membership.objects.filter(user=cast.ann).count() == 0


def test_a_mail_domain_is_added(signed_in, cast):
    values = {"domain": "acme-group.example", "organization": cast.acme.pk}
    signed_in(cast.root).post("/admin/maildomain/new/", values)
    assert MailDomain.objects.get(domain="acme-group.example").organization == cast.acme


def chosen(client, words):
    """The names that the admin's chooser offers for `words`."""
    page = client.get("/admin/person_chooser/results/", {"q": words})
    return [person.name for person in page.context["results"]]


def test_a_person_is_chosen_by_part_of_the_name_or_address(signed_in, cast):
    client = signed_in(cast.root)
    assert chosen(client, "dov globex") == ["Dov"]
    assert chosen(client, "GLOBEX") == ["Dov"]
    assert chosen(client, "dov acme") == []


def test_no_form_lists_all_people(signed_in, cast):
    client = signed_in(cast.root)
    for path in ("/admin/membership/new/", "/admin/users/new/"):
        page = client.get(path).content.decode()
        assert f">{cast.dov.name}</option>" not in page
        assert "/admin/person_chooser/" in page
