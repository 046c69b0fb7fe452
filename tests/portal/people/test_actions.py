from portal.people.actions import change_own_settings
from portal.people.models import User


def test_own_settings_are_stored_and_nothing_else(cast):
    cast.ann.name = "Changed on the way"
    change_own_settings(cast.ann, language="nl", time_zone="Asia/Tokyo", theme=User.Theme.DARK)
    stored = User.objects.get(pk=cast.ann.pk)
    assert (stored.language, stored.time_zone, stored.theme) == ("nl", "Asia/Tokyo", "dark")
    assert stored.name == "Ann"
