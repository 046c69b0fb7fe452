"""Who may publish forms."""

import pytest

from itil.fields.permissions import may_publish
from portal.people.models import Membership, Role


@pytest.mark.parametrize(
    ("name", "may"), [("ann", False), ("bo", False), ("mia", False), ("root", True)]
)
def test_administrators_may_publish_and_the_desk_may_not(cast, name, may):
    assert may_publish(getattr(cast, name)) is may


def test_catalog_managers_may_until_they_leave(cast):
    Membership.objects.create(user=cast.dov, role=Role.CATALOG_MANAGER)
    assert may_publish(cast.dov)
    cast.dov.is_active = False
    assert not may_publish(cast.dov)
