"""Who is named as the approver of an order, and to whom (domain 2.2)."""

import pytest

from portal.people.models import User

from . import orders


@pytest.fixture
def shelf(cast):
    return orders.counter(cast)


def test_an_approver_may_keep_the_name_from_the_requester_but_not_from_the_desk(shelf, signed_in):
    request = orders.sent(shelf)
    User.objects.filter(name="Max").update(hides_name_as_approver=True)
    for path in ("/requests/", request.public_url):
        page = signed_in(shelf.cast.ann).get(path).content.decode()
        assert "Max" not in page
    assert "An approver has been asked to approve it." in page
    assert (
        "Max" in signed_in(shelf.cast.bo).get(f"/desk/tickets/{request.number}/").content.decode()
    )
