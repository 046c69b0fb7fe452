"""Write docs/indicators.md: every indicator with its unit, dimensions and definition."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.metrics.indicator import Indicator
from reports.metrics.registry import INDICATORS

FILE = Path(settings.BASE_DIR) / "docs" / "indicators.md"
HEAD = """# Indicators

Written by `manage.py draw_indicators` from the definitions in `reports/metrics/indicators/`, which
pages show as well. `manage.py kpis` prints them ([kpis.md](kpis.md)); a team, service,
organization, category, agreement, activity, supplier or person is told by its primary key.
Durations are seconds. "Level": a state at the end of each step, so that steps do not add up and the
total is the last one.

| key | told as | unit | dimensions beside the step |
| --- | --- | --- | --- |
"""


class Command(BaseCommand):
    # Reads definitions in code; the state of the site does not matter.
    requires_system_checks = []
    help = "Write docs/indicators.md; with --check only say whether it is fresh."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when the file is stale"
        )

    def handle(self, *args, check=False, **options):
        is_fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == page()
        if check and not is_fresh:
            raise CommandError("Stale: docs/indicators.md. Run manage.py draw_indicators.")
        if not check and not is_fresh:
            FILE.write_text(page(), encoding="utf-8")
            self.stdout.write("docs/indicators.md written")


def page() -> str:
    """The table of all indicators and, below it, how each set of rows is made."""
    rows = [_row(one) for one in INDICATORS.values()]
    keys: dict[str, list[str]] = {}
    for one in INDICATORS.values():
        keys.setdefault(one.how, []).append(f"`{one.key}`")
    parts = [f"## {', '.join(found)}\n\n{how}\n" for how, found in keys.items()]
    return HEAD + "\n".join([*rows, "", *parts])


def _row(indicator: Indicator) -> str:
    told = str(indicator.statistic) + (", level" if indicator.is_level else "")
    told += ", 95 % interval" if indicator.has_interval else ""
    names = ", ".join(indicator.dimensions)
    return f"| `{indicator.key}` | {told} | {indicator.unit} | {names} |"
