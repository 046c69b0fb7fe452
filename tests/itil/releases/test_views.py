"""The pages of releases."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from itil.releases import actions
from itil.releases.models import Release, Wave
from itil.releases.views.release import ReleaseList
from portal.people.models import Location
from tests.cast import MONDAY

from .world import HOUR


def test_a_release_from_plan_to_the_go(world, signed_in):
    client, cast = signed_in(world.cast.bo), world.cast
    made = client.post(
        reverse("releases:new"),
        {"title": "Autumn", "service": cast.mail_service.pk, "version": "6.0"},
    )
    assert made.status_code == 303
    page = client.get(made.url)
    assert "Autumn" in page.content.decode()
    number = Release.objects.get(title="Autumn").number
    wrong = client.post(reverse("releases:add_change", args=[number]), {"number": "CHG-1"})
    assert wrong.status_code == 422
    refused = client.post(reverse("releases:move", args=[number, "build"]))
    assert refused.status_code == 409
    assert b"at least one change" in refused.content
    release = world.put("approval")
    release.decisions.all().delete()
    url = reverse("releases:decide", args=[release.number])
    assert client.post(url, {"is_go": "go", "note": "Fine."}).status_code == 409
    manager = signed_in(world.mara)
    assert manager.post(url, {"is_go": "go", "note": "Fine."}).status_code == 303
    assert release.last_decision.is_go


def test_a_group_is_planned_and_taken_out_on_its_page(world, signed_in):
    client = signed_in(world.cast.bo)
    number = world.release.number
    typed = {
        "name": "Rest", "start": "2026-03-02T10:00", "end": "2026-03-02T09:00",
        "organizations": [world.cast.halden.pk], "environment": "production",
    }  # fmt: skip
    url = reverse("releases:add_wave", args=[number])
    refused = client.post(url, typed)
    assert (refused.status_code, Wave.objects.count()) == (409, 1)
    assert client.post(url, typed | {"end": "2026-03-02T11:00"}).status_code == 303
    wave = Wave.objects.get(name="Rest")
    client.post(reverse("releases:remove_wave", args=[number, wave.pk]))
    assert Wave.objects.count() == 1


def test_places_are_named_with_whose_they_are(world, signed_in):
    Location.objects.create(organization=world.cast.acme, name="Dublin")
    page = signed_in(world.cast.bo).get(reverse("releases:add_wave", args=[world.release.number]))
    assert [label for _key, label in page.context["form"]["locations"].field.choices] == [
        "Acme: Dublin"
    ]


def test_the_versions_in_use_are_listed(world, signed_in):
    world.put("deploying")
    page = signed_in(world.cast.ned).get(reverse("releases:versions"))
    assert page.status_code == 200


def test_releases_are_put_in_order_by_every_column_that_offers_it(world, signed_in):
    for version in ("3.9", "5.0"):
        actions.open_release(
            by=world.cast.bo, title=version, version=version, service=world.cast.mail_service
        )
    client, url = signed_in(world.cast.bo), reverse("releases:list")
    page = client.get(url, {"sort": "version"})
    assert [row.release_version for row in page.context["rows"]] == ["3.9", "4.2.0", "5.0"]
    for column in ReleaseList.columns:
        if column.sort:
            assert client.get(url, {"sort": f"-{column.key}"}).status_code == 200


def test_customers_find_nothing_and_the_confidential_is_hidden(world, signed_in):
    pages = [
        reverse("releases:list"),
        reverse("releases:versions"),
        reverse("releases:release", args=[world.release.number]),
        reverse("releases:new"),
    ]
    for url in pages:
        assert signed_in(world.cast.ann).get(url).status_code == 404
    Release.objects.update(is_confidential=True, team=world.cast.network_team)
    world.put("deploying")
    client = signed_in(world.cast.cleo)
    assert client.get(pages[2]).status_code == 404
    assert world.release.title not in client.get(pages[0]).content.decode()
    assert "4.2.0" not in client.get(pages[1]).content.decode()


def test_the_number_of_statements_does_not_grow(world, signed_in):
    client = signed_in(world.cast.bo)
    pages = [
        reverse("releases:list"),
        reverse("releases:versions"),
        reverse("releases:release", args=[world.release.number]),
    ]

    def statements():
        found = []
        for url in pages:
            with CaptureQueriesContext(connection) as captured:
                client.get(url)
            found.append(len(captured))
        return found

    few = statements()
    for n in range(3):
        release = actions.open_release(
            by=world.cast.bo, title="More", version=f"9.{n}", service=world.cast.mail_service
        )
        actions.add_wave(
            release, name="All", start=MONDAY, end=MONDAY + timedelta(days=1),
            organizations=[world.cast.acme], by=world.cast.bo,
        )  # fmt: skip
    actions.add_wave(
        world.release, name="Rest", start=MONDAY, end=MONDAY + HOUR,
        organizations=[world.cast.halden], by=world.cast.bo,
    )  # fmt: skip
    assert statements() == few
    assert max(few[:2]) <= 8
    assert few[2] <= 14


def test_the_step_that_leads_on_stands_out_and_none_before_the_go(world, signed_in):
    def onward(status):
        release = world.put(status)
        return client.get(reverse("releases:release", args=[release.number])).context["onward"]

    client = signed_in(world.cast.bo)
    assert [onward(status) for status in ("planning", "test", "approval", "deploying")] == [
        "build", "ask_approval", "deploy", "finish",
    ]  # fmt: skip
    world.release.decisions.all().delete()
    world.release.decisions.create(is_go=False, note="Too slow.", decided_by=world.mara, at=MONDAY)
    Release.objects.filter(pk=world.release.pk).update(status="approval", phase="open")
    page = client.get(reverse("releases:release", args=[world.release.number]))
    assert page.context["onward"] == ""
    assert "who does not own the release decides" in page.content.decode()
