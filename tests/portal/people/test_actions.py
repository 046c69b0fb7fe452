from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.people.actions import change_own_settings, end_stand_in, name_stand_in
from portal.people.models import Delegation, User
from tests.cast import MONDAY

DAY = timedelta(days=1)


def stand_in(cast, **changes):
    """Bo decides for Ann from Monday to before Thursday."""
    given = {
        "delegate": cast.bo,
        "starts_at": MONDAY,
        "ends_at": MONDAY + 3 * DAY,
        "includes_confidential": False,
    }
    return name_stand_in(cast.ann, **given | changes)


def test_own_settings_are_stored_and_nothing_else(cast):
    cast.ann.name = "Changed on the way"
    change_own_settings(cast.ann, language="nl", time_zone="Asia/Tokyo", theme=User.Theme.DARK)
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.language, stored.time_zone, stored.theme) == ("nl", "Asia/Tokyo", "dark")
    assert stored.name == "Ann"


def test_a_stand_in_holds_from_the_start_to_before_the_end(cast):
    stand_in(cast)
    moments = [MONDAY - DAY, MONDAY, MONDAY + 3 * DAY - timedelta(seconds=1), MONDAY + 3 * DAY]
    in_force = [Delegation.objects.in_force(moment).exists() for moment in moments]
    assert in_force == [False, True, True, False]


@pytest.mark.parametrize("who", ["ann", "bo"])
def test_a_stand_in_holds_only_while_both_are_there(cast, who):
    stand_in(cast)
    User.objects.filter(pk=getattr(cast, who).pk).update(is_active=False)
    assert not Delegation.objects.in_force(MONDAY).exists()


def test_ending_a_stand_in_keeps_what_was(cast):
    delegation = stand_in(cast)
    end_stand_in(delegation, at=MONDAY + DAY)
    stored = Delegation.objects.get()
    assert (stored.starts_at, stored.ends_at) == (MONDAY, MONDAY + DAY)
    end_stand_in(stored, at=MONDAY + 2 * DAY)
    assert Delegation.objects.get().ends_at == MONDAY + DAY


def test_ending_a_stand_in_before_the_start_forgets_it(cast):
    end_stand_in(stand_in(cast), at=MONDAY - DAY)
    assert not Delegation.objects.exists()


def test_the_database_holds_that_a_stand_in_is_another_person_for_something_and_ends_later(cast):
    for wrong in ({"delegate": cast.ann}, {"ends_at": MONDAY}, {"kinds": ()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            stand_in(cast, **wrong)
    assert not Delegation.objects.exists()
