"""The owner hears of a run that failed."""

import pytest

from itil.schedules import actions
from portal.outbox.models import OutgoingMail

from . import world
from .world import utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def failing(cast):
    """A check of a team that is gone."""
    found = world.schedule(cast)
    cast.desk_team.active = False
    cast.desk_team.save()
    return found


def test_the_owner_gets_one_mail_with_the_reason_and_the_way_to_the_schedule(cast, failing):
    actions.open_due(utc(3))
    actions.open_due(utc(3))

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (cast.cleo.email, "Nothing was opened: Weekly check")
    assert "Team: what was chosen is not in use any more. Choose another one." in mail.text
    # In the zone of the owner.
    assert "2026, 08:00 CET" in mail.text
    assert failing.get_absolute_url() in mail.text
    assert mail.headers["Auto-Submitted"] == "auto-generated"


def test_who_runs_it_by_hand_reads_the_reason_on_the_page(cast, failing):
    run = actions.run_now(failing, by=cast.cleo, at=utc(2, hour=12))

    assert run.outcome == "failed"
    assert not OutgoingMail.objects.exists()


def test_an_owner_whose_address_bounces_gets_none(cast, failing):
    cast.cleo.mail_undeliverable_at = utc(2)
    cast.cleo.save()

    actions.open_due(utc(3))

    assert failing.runs.get().outcome == "failed"
    assert not OutgoingMail.objects.exists()
