"""Who sees what people cost (`KPI-25`)."""

from billing.margins import permissions

EVERYBODY = ("ann", "bo", "cleo", "mia", "bea", "dov", "root")


def test_managers_and_administrators_keep_costs_and_managers_alone_see_margins(cast):
    def those(may):
        return {name for name in EVERYBODY if may(getattr(cast, name))}

    assert those(permissions.may_keep_costs) == {"mia", "root"}
    assert those(permissions.may_see_margins) == {"mia"}
    assert permissions.may_keep_costs(None)
