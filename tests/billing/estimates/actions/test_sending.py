"""An estimate goes out: to whom, with what, once."""

from datetime import timedelta

import pytest

from billing.estimates import actions
from billing.estimates.links import token_for
from billing.estimates.models import Estimate
from itil.tickets.errors import MissingValue, MoveNotAllowed, NotAllowed
from portal.outbox.models import OutgoingMail
from tests.billing.estimates import make
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_sending_mails_a_personal_link_once(cast):
    estimate = make.sent(cast)
    mail = OutgoingMail.objects.get(key=f"estimate:{estimate.pk}:sent")
    token = token_for(estimate, cast.ann)
    assert mail.to == cast.ann.email
    assert token in mail.text
    assert token in mail.html
    assert "800.00" in mail.text


def test_it_is_sent_only_to_someone_who_may_accept(cast):
    with pytest.raises(MissingValue, match="who may accept estimates"):
        actions.send(make.draft(cast), to=cast.ann, by=cast.bea, at=MONDAY)


def test_a_person_whose_mail_comes_back_is_not_chosen(cast):
    estimate = make.draft(cast)
    ann = make.may_accept(cast)
    ann.mail_undeliverable_at = MONDAY
    ann.save()
    with pytest.raises(MissingValue, match="comes back"):
        actions.send(estimate, to=ann, by=cast.bea, at=MONDAY)
    assert not OutgoingMail.objects.exists()


def test_a_draft_that_is_no_longer_valid_is_not_sent(cast):
    estimate = make.draft(cast)
    with pytest.raises(MissingValue, match="later last day"):
        actions.send(
            estimate, to=make.may_accept(cast), by=cast.bea, at=MONDAY + timedelta(days=31)
        )


def test_a_double_click_sends_one_mail(cast):
    estimate = make.sent(cast)
    with pytest.raises(MoveNotAllowed):
        actions.send(estimate, to=cast.ann, by=cast.bea, at=MONDAY)
    assert OutgoingMail.objects.count() == 1


def test_others_than_clerks_and_the_lead_send_none(cast):
    estimate = make.draft(cast)
    with pytest.raises(NotAllowed):
        actions.send(estimate, to=make.may_accept(cast), by=cast.mia, at=MONDAY)
    assert Estimate.objects.drafts().count() == 1
