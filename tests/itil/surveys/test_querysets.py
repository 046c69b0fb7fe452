"""Which surveys arrived, whose ratings one sees, which links are ours."""

from datetime import timedelta

import pytest
from django.core import signing

from itil.surveys.actions import rate
from itil.surveys.models import Rating, Survey
from portal.outbox.models import OutgoingMail
from tests.cast import MONDAY

from .surveyed import survey

DAY = timedelta(days=1)


def delivered() -> int:
    return Survey.objects.delivered().count()


def test_a_mail_that_left_or_is_about_to_counts(cast):
    survey(cast)
    assert OutgoingMail.objects.filter(key=Survey.objects.get().mail_key).count() == 1
    assert delivered() == 1


def test_a_mail_that_was_given_up_asked_nobody(cast):
    asked = survey(cast)
    OutgoingMail.objects.filter(key=asked.mail_key).update(state=OutgoingMail.State.FAILED)
    assert delivered() == 0


@pytest.mark.parametrize(("after", "count"), [(DAY, 0), (timedelta(), 0), (5 * DAY, 1), (-DAY, 1)])
def test_a_mail_that_came_back_asked_nobody(cast, after, count):
    survey(cast)
    cast.ann.mail_undeliverable_at = MONDAY + after
    cast.ann.save()
    assert delivered() == count


def test_who_answered_was_reached(cast):
    asked = survey(cast)
    rate(asked.ticket, by=cast.ann, score=4, at=MONDAY)
    cast.ann.mail_undeliverable_at = MONDAY + DAY
    cast.ann.save()
    assert delivered() == 1


def test_a_token_leads_to_its_survey_and_cannot_be_made_up(cast):
    asked = survey(cast)
    assert Survey.objects.of_token(asked.token).get() == asked
    name = asked.uuid.hex
    for token in (name, f"{name}.", f"{name}.abc", asked.token[:-1], asked.token[1:], "x", "."):
        assert not Survey.objects.of_token(token).exists()
    other = signing.Signer(salt="something else", sep=".").sign(name)
    assert not Survey.objects.of_token(other).exists()


def test_a_link_made_with_an_earlier_secret_still_counts(cast, settings):
    asked = survey(cast)
    token = asked.token
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 9
    assert Survey.objects.of_token(token).get() == asked


def test_ratings_are_seen_by_those_who_see_the_ticket(cast):
    rate(survey(cast).ticket, by=cast.ann, score=4, at=MONDAY)
    seen = [
        Rating.objects.visible_to(person).count()
        for person in (cast.ann, cast.bo, cast.cleo, cast.mia, cast.ned, cast.dov)
    ]
    assert seen == [1, 1, 1, 1, 0, 0]
