"""Who works when: kept by administrators."""

from itil.timesheets.models import WorkingHours


def test_an_administrator_says_from_when_somebody_works_by_which_calendar(signed_in, cast):
    client = signed_in(cast.root)
    new = "/admin/workinghours/new/"
    values = {"person": cast.bo.pk, "calendar": cast.calendar.pk, "since": "2026-01-01"}
    assert client.get(new).status_code == 200
    client.post(new, values)
    [kept] = WorkingHours.objects.all()
    assert (kept.person, kept.calendar) == (cast.bo, cast.calendar)
    again = client.post(new, values)
    assert "This person has other hours from that day on already." in again.content.decode()
    assert "Bo" in client.get("/admin/workinghours/").content.decode()
    assert WorkingHours.objects.count() == 1


def test_nobody_else_changes_them(signed_in, cast):
    for person in (cast.bo, cast.cleo, cast.mia, cast.bea):
        response = signed_in(person).post("/admin/workinghours/new/", {"person": person.pk})
        assert response.status_code in (302, 403, 404)
    assert not WorkingHours.objects.exists()
