"""The pages of scheduled reports: who may open and change which."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.people.models import Membership, Role
from reports.actions.delivering import plan_due
from reports.actions.own import create_dashboard, delete_dashboard, save_tile
from reports.actions.subscribing import subscribe
from reports.metrics.tile import ChartKind, Tile
from reports.models import DeliveredFile, ReportDelivery, ReportSubscription
from tests.cast import person
from tests.reports.mailing_given import deliver_due

MADE = datetime(2026, 3, 10, 12, tzinfo=UTC)
DUE = datetime(2026, 4, 1, 5, tzinfo=UTC)
FORM = {
    "name": "Every Monday",
    "board": "agreements",
    "tiles": ["compliance"],
    "frequency": "weekly",
    "weekday": 1,
    "month_day": 1,
    "hour": 7,
    "formats": ["pdf", "csv"],
}


@pytest.fixture
def of_mia(cast):
    return subscribe(
        by=cast.mia,
        at=MADE,
        recipients=[cast.mia, cast.cleo],
        name="Backlog by mail",
        board="backlog",
        formats=["csv"],
        needs_release=True,
    )


def test_a_report_is_made_changed_paused_tried_and_deleted(cast, signed_in):
    client = signed_in(cast.mia)
    assert client.get("/reports/mailed/new/").status_code == 200
    wrong = client.post("/reports/mailed/new/", FORM | {"recipients": [cast.ann.pk]})
    assert wrong.status_code == 422
    made = client.post("/reports/mailed/new/", FORM | {"recipients": [cast.mia.pk, cast.bo.pk]})
    found = ReportSubscription.objects.get()
    assert (made.status_code, made["Location"]) == (303, found.get_absolute_url())
    assert [one["key"] for one in found.tiles] == ["compliance"]
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Every Monday" in page
    url = found.get_absolute_url()
    client.post(f"{url}edit/", FORM | {"name": "Weekly", "recipients": [cast.mia.pk]})
    client.post(f"{url}pause/", {"on": "0"})
    client.post(f"{url}test/")
    found.refresh_from_db()
    assert (found.name, found.is_paused, found.recipients.count()) == ("Weekly", True, 1)
    assert [(one.recipient, one.is_test) for one in found.deliveries.all()] == [(cast.mia, True)]
    assert client.post(f"{url}delete/").status_code == 303
    assert not ReportSubscription.objects.exists()


def test_the_form_waits_until_the_tiles_have_names(cast, signed_in, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    client = signed_in(cast.mia)
    page = client.get("/reports/mailed/new/").content.decode()
    assert "The form appears in a few seconds." in page
    assert 'name="tiles"' not in page
    # Who was faster loses nothing.
    wrong = client.post("/reports/mailed/new/", FORM | {"recipients": [], "name": "Typed"})
    assert 'value="Typed"' in wrong.content.decode()


def test_to_others_it_does_not_exist(of_mia, cast, signed_in):
    url = of_mia.get_absolute_url()
    for who in (cast.cleo, cast.bo, cast.ann, cast.bea):
        client = signed_in(who)
        for page in ("", "edit/", "delete/", "release/2026-03-01/2026-03-31/"):
            assert client.get(url + page).status_code == 404
        for verb in ("edit/", "pause/", "test/", "delete/", "release/2026-03-01/2026-03-31/"):
            assert client.post(url + verb, FORM).status_code == 404
    of_mia.refresh_from_db()
    assert (of_mia.name, of_mia.is_paused) == ("Backlog by mail", False)
    assert not ReportDelivery.objects.exists()


def test_it_waits_for_a_release_and_its_files_are_those_of_the_recipient(of_mia, cast, signed_in):
    plan_due(DUE)
    client, url = signed_in(cast.mia), of_mia.get_absolute_url()
    release = f"{url}release/2026-03-01/2026-03-31/"
    assert "Cleo" in client.get(release).content.decode()
    with time_machine.travel(DUE, tick=False):
        assert client.post(release, {"comment": "A calm month."}).status_code == 303
    assert client.get(release).status_code == 404
    deliver_due(DUE)
    own, other = (
        DeliveredFile.objects.get(delivery__recipient=one) for one in (cast.mia, cast.cleo)
    )
    page = client.get(url).content.decode()
    assert str(own.uuid) in page
    assert str(other.uuid) not in page
    assert client.get(f"/reports/mailed/files/{own.uuid}/").status_code == 200
    assert client.get(f"/reports/mailed/files/{other.uuid}/").status_code == 404
    assert signed_in(cast.cleo).get(f"/reports/mailed/files/{other.uuid}/").status_code == 200
    # A file that is not the one that was mailed is not handed out.
    with own.file.storage.open(own.file.name, "wb") as file:
        file.write(b"changed")
    assert signed_in(cast.mia).get(f"/reports/mailed/files/{own.uuid}/").status_code == 404


def test_the_page_says_who_gets_nothing_and_asks_no_more_for_many(
    of_mia, cast, signed_in, django_assert_max_num_queries
):
    Membership.objects.filter(user=cast.cleo).delete()
    client = signed_in(cast.mia)
    page = client.get(of_mia.get_absolute_url()).content.decode()
    assert "Gets nothing" in page
    people = [person(f"Agent {number}", cast.halden) for number in range(8)]
    for one in people:
        Membership.objects.create(user=one, role=Role.AGENT, team=cast.desk_team)
    with CaptureQueriesContext(connection) as before:
        client.get(of_mia.get_absolute_url())
    of_mia.recipients.add(*people)
    with django_assert_max_num_queries(len(before)):
        assert len(client.get(of_mia.get_absolute_url()).context["recipients"]) == 10
    with django_assert_max_num_queries(8):
        client.get("/reports/mailed/")


def test_an_own_dashboard_is_mailed_under_filters_of_tickets(cast, signed_in):
    own = create_dashboard(by=cast.mia, title="My Monday", at=MADE)
    tile = Tile("new", ("received",), by="priority", chart=ChartKind.LYING)
    save_tile(own, tile, by=cast.mia, title="What came in")
    client, to = signed_in(cast.mia), {"recipients": [cast.mia.pk, cast.bo.pk]}
    filters = {"service": cast.mail_service.pk, "priority": 2, "kind": "incident"}
    form = FORM | filters | to | {"board": f"own-{own.pk}", "formats": ["csv"]}
    made = client.post("/reports/mailed/new/", form)
    found = ReportSubscription.objects.get()
    assert made.status_code == 303, made.context["form"].errors
    assert (found.board, found.dashboard, found.tiles) == ("own", own, [])
    page = client.get(found.get_absolute_url()).content.decode()
    for words in ("My Monday", "Mail", "High", "Incident"):
        assert words in page
    assert (
        f'value="own-{own.pk}" selected'
        in client.get(f"{found.get_absolute_url()}edit/").content.decode()
    )
    ReportSubscription.objects.update(since=MADE)
    plan_due(DUE)
    deliver_due(DUE)
    file = DeliveredFile.objects.get(delivery__recipient=cast.bo)
    with file.file.open() as content:
        assert "What came in" in content.read().decode()
    delete_dashboard(own, by=cast.mia)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "A dashboard that was deleted" in page
    assert page.count("Gets nothing") == 2


def test_the_dashboard_of_another_person_is_not_offered(cast, signed_in):
    own = create_dashboard(by=cast.cleo, title="Of Cleo", at=MADE)
    form = FORM | {"board": f"own-{own.pk}", "recipients": [cast.mia.pk]}
    page = signed_in(cast.mia).post("/reports/mailed/new/", form)
    assert page.status_code == 422
    assert "Of Cleo" not in page.content.decode()
