"""The cells of a list as a file holds them."""

from types import SimpleNamespace

import pytest

from portal.ui.tables import Column

ROW = SimpleNamespace(
    number="INC-1", service=SimpleNamespace(name="Mail"), team=None, get_state_display=lambda: "New"
)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (Column("number", "Number"), "INC-1"),
        (Column("service", "Service", value="service.name"), "Mail"),
        (Column("team", "Team", value="team.name"), None),
        (Column("state", "State", value="get_state_display"), "New"),
        (
            Column("both", "Both", value=lambda row: f"{row.number} {row.service.name}"),
            "INC-1 Mail",
        ),
    ],
)
def test_a_cell_is_an_attribute_a_method_or_a_function_of_the_row(column, cell):
    assert column.cell(ROW) == cell
