"""Who may see reports."""

import pytest
from django.contrib.auth.models import AnonymousUser

from reports.permissions import may_see_reports, may_try_what_if


@pytest.mark.parametrize(
    ("who", "may"),
    [("ann", False), ("bo", False), ("bea", False), ("cleo", True), ("mia", True), ("root", True)],
)
def test_leads_managers_and_administrators_may(cast, who, may):
    assert may_see_reports(getattr(cast, who)) is may


def test_nobody_signed_in_may_not():
    assert may_see_reports(AnonymousUser()) is False
    assert may_try_what_if(AnonymousUser()) is False


@pytest.mark.parametrize(
    ("who", "may"),
    [("ann", False), ("bo", False), ("bea", False), ("cleo", False), ("mia", True), ("root", True)],
)
def test_only_managers_and_administrators_try_what_if(cast, who, may):
    assert may_try_what_if(getattr(cast, who)) is may
