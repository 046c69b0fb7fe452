"""What an indicator says of itself."""

from reports.metrics.registry import INDICATORS


def test_every_definition_names_formula_population_and_basis():
    for key, indicator in INDICATORS.items():
        for part in ("Formula:", "Population:", "Basis:"):
            assert part in indicator.how, (key, part)
