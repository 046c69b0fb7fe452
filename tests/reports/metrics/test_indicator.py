"""What an indicator says of itself."""

import re
from pathlib import Path

from reports.metrics.indicator import Missing
from reports.metrics.registry import INDICATORS

KPIS = Path(__file__).parents[3] / "docs" / "kpis.md"


def test_every_definition_names_formula_population_and_basis():
    for key, indicator in INDICATORS.items():
        for part in ("Formula:", "Population:", "Basis:"):
            assert part in indicator.how, (key, part)


def test_every_reason_why_a_figure_is_not_told_is_explained_to_other_programs():
    text = KPIS.read_text(encoding="utf-8")
    explained = re.search(r"`why` says why: (.*?) A count of", text)[1]
    assert [why for why in Missing if f"`{why}` (" not in explained] == []
