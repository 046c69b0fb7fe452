"""What came of a change: its review, the incidents it caused, what people are told."""

import pytest

from itil.changes import actions
from itil.changes.models import Announcement, Change, PostImplementationReview
from itil.tickets.errors import MissingValue, NotAllowed, Refused
from tests import make
from tests.itil.changes import world as worlds
from tests.itil.changes.world import HOUR, START


@pytest.fixture
def world(cast):
    return worlds.build(cast)


def review(world, change, **more):
    given = {"by": world.cast.ned, "at": START + 2 * HOUR, "outcome": "failed"}
    said = {"lessons": "Test it first.", "went_wrong": "The part did not fit."}
    return actions.write_review(change, **given | said | more)


def test_the_outcome_of_the_review_is_that_of_the_change(world):
    change = worlds.finished(world)
    review(world, change)
    again = review(world, change, outcome="backed_out", by=world.chas)
    assert PostImplementationReview.objects.get() == again
    assert Change.objects.get().outcome == "backed_out"


def test_a_review_that_says_too_little_or_comes_from_others_is_refused(world):
    change = worlds.finished(world)
    for error, more in (
        (NotAllowed, {"by": world.pia}),
        (MissingValue, {"outcome": "well"}),
        (MissingValue, {"lessons": " "}),
        (MissingValue, {"went_wrong": ""}),
    ):
        with pytest.raises(error):
            review(world, change, **more)
    assert not PostImplementationReview.objects.exists()
    assert Change.objects.get().outcome == "successful"


def test_a_change_is_reviewed_once_it_is_carried_out(world):
    change = worlds.scheduled(world)
    with pytest.raises(Refused, match="carried out"):
        review(world, change)
    with pytest.raises(Refused, match="carried out"):
        actions.confirm_items(change, by=world.cast.ned, at=START)
    assert not PostImplementationReview.objects.exists()


def test_the_items_are_confirmed_once(world):
    change = worlds.finished(world)
    for later in (0, 1):
        actions.confirm_items(change, by=world.cast.ned, at=START + (2 + later) * HOUR)
    assert change.items_updated_at == START + 2 * HOUR
    assert change.events.filter(data__what="items").count() == 1


def announce(world, change, **more):
    given = {
        "by": world.chas,
        "at": START,
        "title": "Mail is away",
        "effect": "No mail for an hour.",
        "services": [world.cast.mail_service],
        "starts_at": START,
        "ends_at": START + HOUR,
    }
    return actions.announce(change, **given | more)


def test_the_users_of_its_services_are_told_until_it_is_withdrawn(world):
    change = worlds.scheduled(world)
    made = announce(world, change)
    assert announce(world, change, title="Mail is away for long") == made
    assert list(made.services.all()) == [world.cast.mail_service]
    actions.withdraw_announcement(change, by=world.chas, at=START)
    assert Announcement.objects.get().withdrawn_at == START
    with pytest.raises(Refused, match="not announced"):
        actions.withdraw_announcement(change, by=world.chas, at=START)


def test_an_announcement_is_the_change_managers_and_complete(world):
    change = worlds.scheduled(world)
    for error, more in (
        (NotAllowed, {"by": world.cast.bo}),
        (MissingValue, {"title": ""}),
        (MissingValue, {"effect": " "}),
        (MissingValue, {"services": []}),
        (MissingValue, {"ends_at": START}),
    ):
        with pytest.raises(error):
            announce(world, change, **more)
    with pytest.raises(Refused, match="scheduled"):
        announce(world, worlds.draft(world))
    assert not Announcement.objects.exists()


def test_a_change_that_caused_an_incident_cannot_stay_successful(world):
    change = worlds.finished(world)
    incident = make.incident(world.cast, service=world.cast.mail_service, at=START + HOUR / 2)
    assert actions.find_caused(START + 2 * HOUR) == 1
    assert actions.find_caused(START + 2 * HOUR) == 0
    suspect = change.suspects.get()
    actions.accept_caused(suspect, by=world.chas, at=START + 2 * HOUR)
    change.refresh_from_db()
    assert (change.outcome, change.caused_incident) == ("successful_with_issues", True)
    assert incident.links_out.get(type="caused_by").target_id == change.pk
    with pytest.raises(Refused):
        actions.dismiss_caused(suspect, by=world.chas, at=START + 2 * HOUR)
