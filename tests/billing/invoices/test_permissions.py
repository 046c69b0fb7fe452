"""Who may do what with invoices (domain section 8)."""

import pytest

from billing.invoices.models import Invoice
from billing.invoices.permissions import may_issue, may_run, may_view

EVERYBODY = ["ann", "bo", "ned", "cleo", "mia", "bea", "dov", "root"]


@pytest.mark.parametrize("who", EVERYBODY)
def test_clerks_run_and_issue_and_managers_look(cast, who):
    person = getattr(cast, who)
    assert may_view(person) == (who in {"bea", "mia"})
    assert may_run(person) == may_issue(person) == (who == "bea")
    assert Invoice.objects.visible_to(person).query.is_empty() == (who not in {"bea", "mia"})


def test_the_system_runs_and_issues():
    assert may_run(None)
    assert may_issue(None)
