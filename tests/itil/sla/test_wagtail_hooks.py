"""The admin screens of agreements."""

import pytest
from django.urls import reverse

from itil.sla.models import Agreement
from tests.cast import HOUR
from tests.itil.sla import entered
from tests.itil.sla.entered import target


@pytest.fixture
def administrator(cast, signed_in):
    return signed_in(cast.root)


@pytest.fixture
def posted(cast):
    """A function that gives the posted fields of an agreement."""

    def fields(targets=(), **changes):
        return entered.agreement(cast.calendar, targets, **changes)

    return fields


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4:00", 4 * HOUR),
        ("0:30", HOUR // 2),
        ("120:00", 120 * HOUR),
        ("8 h", 8 * HOUR),
        ("30 min", HOUR // 2),
        ("1h 30m", HOUR * 3 // 2),
    ],
)
def test_target_is_entered_as_hours_and_minutes(administrator, posted, text, seconds):
    response = administrator.post(reverse("agreements:add"), posted([target(text)]))
    assert response.status_code == 302
    assert Agreement.objects.get(name="Gold").targets.get().seconds == seconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 day", "a day may mean 8 h, 24 h or a business day"),
        ("2d", "a day may mean 8 h, 24 h or a business day"),
        ("0:00", "A target is longer than 0 minutes"),
        ("4:75", "Write the time as hours and minutes"),
        ("soon", "Write the time as hours and minutes"),
    ],
)
def test_unclear_targets_are_explained(administrator, posted, text, message):
    response = administrator.post(reverse("agreements:add"), posted([target(text)]))
    assert response.status_code == 200
    assert message in response.content.decode()
    assert not Agreement.objects.filter(name="Gold").exists()


def test_the_same_target_twice_is_refused(administrator, posted):
    rows = [target("4:00"), target("5:00")]
    response = administrator.post(reverse("agreements:add"), posted(rows))
    assert response.status_code == 200
    assert not Agreement.objects.filter(name="Gold").exists()


def test_second_default_is_refused_with_the_name_of_the_first(administrator, posted):
    response = administrator.post(reverse("agreements:add"), posted(is_default="on"))
    assert "Standard is the default already" in response.content.decode()


def test_validity_that_ends_before_it_begins_is_refused(administrator, posted):
    dates = {"valid_from": "2026-03-02 00:00", "valid_to": "2026-03-01 00:00"}
    response = administrator.post(reverse("agreements:add"), posted(**dates))
    assert "ends before it begins" in response.content.decode()


def test_edit_shows_hours_and_raises_the_version(administrator, posted, cast):
    url = reverse("agreements:edit", args=[cast.agreement.pk])
    assert 'value="16:00"' in administrator.get(url).content.decode()
    response = administrator.post(url, posted(name="Standard", is_default="on", version=1))
    assert response.status_code == 302
    cast.agreement.refresh_from_db()
    assert cast.agreement.version == 2


def test_type_of_ticket_is_chosen_from_those_that_exist(administrator):
    page = administrator.get(reverse("agreements:add")).content.decode()
    assert '<option value="incident">' in page
