"""What is mailed about changes."""

from itil.changes import actions
from tests.cast import MONDAY
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR
from tests.portal.notifications.post import dispatched


def test_the_owner_hears_of_the_decision_on_a_change_by_its_number(cast):
    world = worlds.build(cast)
    change = worlds.asked(world)
    dispatched()
    worlds.vote(change, world.quinn, at=MONDAY + HOUR)
    worlds.vote(change, world.ruth, at=MONDAY + HOUR)

    [mail] = [mail for mail in dispatched() if mail.to == cast.bo.email]

    assert f"{change.number} is approved." in mail.text
    assert "Your request" not in mail.text


def test_a_decline_names_the_change_and_the_reason(cast):
    world = worlds.build(cast)
    change = worlds.asked(world)
    dispatched()
    worlds.vote(change, world.ruth, "rejected", at=MONDAY + HOUR, reason="Too short.")

    [mail] = [mail for mail in dispatched() if mail.to == cast.bo.email]

    assert f"{change.number} was declined." in mail.text
    assert "Too short." in mail.text
    assert actions.decided(change, at=MONDAY + HOUR).status == "draft"
