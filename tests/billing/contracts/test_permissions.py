"""Who reads and changes contracts (domain section 8)."""

import pytest

from billing.contracts import permissions

STAFF = ("bo", "ned", "cleo", "mia", "bea", "root")


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [("may_view", {"cleo", "mia", "bea"}), ("may_change", {"bea"})],
)
def test_clerks_change_contracts_and_leads_and_managers_read_them(cast, verb, allowed):
    may = getattr(permissions, verb)
    assert {name for name in (*STAFF, "ann", "dov") if may(getattr(cast, name))} == allowed
