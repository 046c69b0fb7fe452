"""Customers with work to bill."""

from datetime import date

import pytest

from portal.people.models import Organization
from tests import make
from tests.billing import make as billing
from tests.cast import person

DAY = date(2026, 3, 5)


@pytest.fixture
def customers(cast):
    """Customer0 to Customer3 with one hour each in March."""
    billing.seller()
    found = []
    for number in range(4):
        organization = Organization.objects.create(name=f"Customer{number}", kind="customer")
        billing.contract(organization)
        contact = person("Contact", organization)
        ticket = make.incident(cast, by=contact, requester=contact)
        billing.hours(cast, 60, DAY, ticket=ticket)
        found.append(organization)
    return found
