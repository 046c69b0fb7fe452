"""What a stand-in is told (`APP-6`)."""

from datetime import timedelta

import pytest

from itil.desk import actions as desk
from itil.tasks import actions as tasks
from portal.people.models import Delegation
from tests.cast import MONDAY, person
from tests.itil.approvals.people import begun, furnish, manager_policy
from tests.itil.tasks.plans import one_task

from .post import dispatched

DAY = timedelta(days=1)


def stands_in(delegator, delegate, kind, at=MONDAY - DAY, days=7, **fields):
    kinds = {one.value: one == kind for one in Delegation.Kind}
    return Delegation.objects.create(
        delegator=delegator,
        delegate=delegate,
        starts_at=at,
        ends_at=at + days * DAY,
        **kinds | fields,
    )


def test_the_stand_in_hears_of_the_task_and_for_whom_it_is(cast):
    task = one_task(cast)
    stands_in(cast.bo, cast.ned, Delegation.Kind.TASKS)
    dispatched()

    tasks.assign(task, cast.bo, by=cast.cleo, at=MONDAY)

    first, second = dispatched()
    assert (first.to, second.to) == (cast.bo.email, cast.ned.email)
    assert "Cleo has given you" in first.text
    assert "is with Bo and can begin. You stand in for Bo." in second.text


def test_a_stand_in_for_mails_gets_copies_within_the_period_and_once(cast, ticket):
    ben = person("Ben", cast.acme)
    stands_in(cast.ann, ben, Delegation.Kind.MAIL_COPIES)
    stands_in(ben, cast.mia, Delegation.Kind.MAIL_COPIES)
    stands_in(cast.ann, cast.dov, Delegation.Kind.MAIL_COPIES, at=MONDAY - 3 * DAY, days=2)
    stands_in(cast.ann, cast.mia, Delegation.Kind.APPROVALS)

    desk.reply(ticket, by=cast.bo, text="Which screen is it?", at=MONDAY)

    first, copy = dispatched()
    assert (first.to, copy.to) == (cast.ann.email, ben.email)
    assert "This is a copy of a mail to Ann, for whom you stand in." in copy.text
    assert "Which screen is it?" in copy.text
    assert "copy of a mail" not in first.text


@pytest.mark.parametrize("allowed", [False, True])
def test_mails_of_confidential_tickets_are_copied_only_if_that_was_allowed(cast, ticket, allowed):
    ben = person("Ben", cast.acme)
    stands_in(cast.ann, ben, Delegation.Kind.MAIL_COPIES, includes_confidential=allowed)
    type(ticket).objects.filter(pk=ticket.pk).update(is_confidential=True)
    ticket.refresh_from_db()

    desk.reply(ticket, by=cast.bo, text="About your salary.", at=MONDAY)

    mails = dispatched()
    assert [mail.to for mail in mails] == [cast.ann.email, ben.email][: 1 + allowed]
    assert not any("salary" in mail.text for mail in mails)


def test_nobody_gets_a_copy_of_a_mail_that_decides(cast):
    house = furnish(cast)
    dispatched()
    stands_in(house.max, house.rita, Delegation.Kind.MAIL_COPIES)

    begun(house, manager_policy())

    assert [mail.to for mail in dispatched()] == [house.max.email]
