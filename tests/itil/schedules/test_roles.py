"""The pages of schedules, role by role."""

import pytest
from django.urls import reverse

from itil.schedules.models import Schedule

from . import world
from .sending import NEW, posted, url_of

pytestmark = pytest.mark.django_db

RECORD_PAGES = ("schedule", "edit", "run", "switch", "link")
ROLES = {
    # Who: the list, the sheet and the link, what changes it.
    "cleo": (200, 200, 200),
    "root": (200, 200, 200),
    "bo": (200, 200, 404),
    "ned": (200, 404, 404),
    "mia": (404, 404, 404),
    "bea": (404, 404, 404),
    "ann": (404, 404, 404),
    "dov": (404, 404, 404),
}


@pytest.mark.parametrize("name", ROLES)
def test_role_by_role(cast, signed_in, name):
    made = world.schedule(cast)
    client = signed_in(getattr(cast, name))
    in_list, reads, changes = ROLES[name]

    listed = client.get(reverse("schedules:list"))
    assert listed.status_code == in_list
    if in_list == 200:
        assert ("Weekly check" in listed.content.decode()) == (reads == 200)
        file = client.get(f"{reverse('schedules:list')}?view=all&format=csv")
        assert ("Weekly check" in file.getvalue().decode()) == (reads == 200)
    for page in ("schedule", "link"):
        assert client.get(url_of(page, made)).status_code == reads
    for page in ("edit", "run"):
        assert client.get(url_of(page, made)).status_code == changes
    assert client.get(reverse("schedules:choose")).status_code == changes
    assert client.get(NEW).status_code == changes
    if changes == 404:
        for page in ("edit", "run", "switch"):
            assert client.post(url_of(page, made), posted(cast)).status_code == 404
        assert client.post(NEW, posted(cast)).status_code == 404
    assert Schedule.objects.values_list("title", "version", "is_active").get() == (
        "Weekly check",
        1,
        True,
    )


def test_visitors_are_asked_who_they_are(cast, client):
    made = world.schedule(cast)
    for url in (reverse("schedules:list"), NEW, *(url_of(page, made) for page in RECORD_PAGES)):
        response = client.get(url)
        assert response.status_code == 302
        assert response["Location"].startswith("/account/login/")


def test_the_menu_leads_there_who_may_use_it(cast, signed_in):
    for person, there in ((cast.cleo, True), (cast.bo, True), (cast.mia, False)):
        page = signed_in(person).get(reverse("desk:queue"))
        assert (f'href="{reverse("schedules:list")}"' in page.content.decode()) is there
